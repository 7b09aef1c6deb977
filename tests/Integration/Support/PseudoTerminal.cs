using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Mvx.Sink.Integration.Support;

/// <summary>A terminal that a test looks at, of a Unix system.</summary>
internal sealed partial class PseudoTerminal : IDisposable
{
    private const int ReadWrite = 2;

    private readonly FileStream _screen;
    private readonly byte[] _buffer = new byte[4096];
    private readonly StringBuilder _shown = new();
    private int _seen;

    private PseudoTerminal(SafeFileHandle master, string name)
    {
        _screen = new FileStream(master, FileAccess.Read, bufferSize: 0);
        Name = name;
    }

    /// <summary>The path of the device.</summary>
    public string Name { get; }

    public static PseudoTerminal Open()
    {
        int master = OpenMaster(ReadWrite);
        Assert.True(master >= 0 && Grant(master) == 0 && Unlock(master) == 0, "a terminal is to be had");
        return new PseudoTerminal(new SafeFileHandle(master, ownsHandle: true), Marshal.PtrToStringUTF8(NameOf(master))!);
    }

    /// <summary>Reads what is shown until the text has come, after the one that was waited for last.</summary>
    public async Task WaitForAsync(string text)
    {
        while (true)
        {
            int found = _shown.ToString().IndexOf(text, _seen, StringComparison.Ordinal);
            if (found >= 0)
            {
                _seen = found + text.Length;
                return;
            }

            // A terminal's handle is no pipe: the read blocks a thread.
            int read = await Task.Run(() => _screen.Read(_buffer)).Within();
            Assert.True(read > 0, $"It ended without showing \"{text}\". It showed:\n{_shown}");
            _shown.Append(Encoding.UTF8.GetString(_buffer, 0, read));
        }
    }

    public void Dispose() => _screen.Dispose();

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial int OpenMaster(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(int master);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(int master);

    [LibraryImport("libc", EntryPoint = "ptsname")]
    private static partial nint NameOf(int master);
}
