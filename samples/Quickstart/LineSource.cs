using System.Text;

namespace Mvx.Sink.Quickstart;

/// <summary>The lines of a file or of standard input, and how far they are read.</summary>
internal sealed class LineSource : IDisposable
{
    private static readonly TimeSpan _lookInterval = TimeSpan.FromMilliseconds(250);

    private static readonly string[] _packageLogs =
    [
        "/var/log/dpkg.log",
        "/var/log/dnf.rpm.log",
        "/var/log/dnf5.log",
        "/var/log/pacman.log",
        "/var/log/install.log",
    ];

    private readonly Stream _stream;
    private readonly bool _follow;
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly MemoryStream _unfinished = new();
    private int _start;
    private int _end;
    private long _position;
    private long _lines;

    private LineSource(string name, Stream stream, bool follow)
    {
        Name = name;
        _stream = stream;
        _follow = follow;
        Length = stream.CanSeek ? stream.Length : null;
    }

    public string Name { get; }

    /// <summary>In bytes, when opened; null when nobody can know.</summary>
    public long? Length { get; }

    public long Position => Volatile.Read(ref _position);

    /// <summary>A line that was begun when the sink stopped counts too; the ledger tells which were accepted.</summary>
    public long LinesRead => Volatile.Read(ref _lines);

    public static LineSource Open(Arguments arguments)
    {
        if (arguments.Input == "-")
            return new LineSource("standard input", Console.OpenStandardInput(), follow: false);
        string path = FullPath(arguments.Input ?? PackageLog());
        if (LeadsTo(path, arguments.Output))
            throw new InputException($"\"{path}\" cannot be read and written at the same time; choose another file for --out.");
        if (Directory.Exists(path))
            throw new InputException($"\"{path}\" is a directory; give the path of a text file, or - for standard input.");
        try
        {
            return new LineSource(path, new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), arguments.Follow);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"there is no file \"{path}\"; give the path of a text file, or - for standard input.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"\"{path}\" cannot be read: {error.Message}", error);
        }
    }

    /// <summary>The next line, or null when there is none and none will come.</summary>
    public async ValueTask<string?> ReadLineAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                _unfinished.Write(_buffer, _start, length);
                _start += length + 1;
                return TakeLine();
            }

            // A line that is not finished is kept: it may go on in what comes next.
            _unfinished.Write(_buffer, _start, _end - _start);
            _start = 0;
            _end = await _stream.ReadAsync(_buffer, stop);
            Volatile.Write(ref _position, _position + _end);
            if (_end > 0)
                continue;
            if (!_follow)
                return _unfinished.Length > 0 ? TakeLine() : null;
            if (_stream.Position > _stream.Length)
                _stream.Position = 0; // somebody emptied the file and began anew
            await Task.Delay(_lookInterval, TimeProvider.System, stop);
        }

        return null;
    }

    public void Dispose()
    {
        _stream.Dispose();
        _unfinished.Dispose();
    }

    private static string FullPath(string path)
    {
        try
        {
            return Path.GetFullPath(path);
        }
        catch (Exception error) when (error is ArgumentException or PathTooLongException)
        {
            throw new InputException($"\"{path}\" is not the path of a file: {error.Message}", error);
        }
    }

    /// <summary>Whether both are the same file, links followed.</summary>
    private static bool LeadsTo(string input, string output)
    {
        try
        {
            return Resolved(input) == Resolved(output);
        }
        catch (IOException)
        {
            return false; // links in a circle: opening says so
        }
    }

    private static string Resolved(string path)
    {
        if (Path.GetDirectoryName(path) is not { } folder)
            return path;
        // The folder first: what is behind a link in it may stand anywhere.
        string real = Path.Combine(Resolved(folder), Path.GetFileName(path));
        FileSystemInfo? target = Directory.Exists(real)
            ? Directory.ResolveLinkTarget(real, returnFinalTarget: true)
            : new FileInfo(real).LinkTarget is null ? null : File.ResolveLinkTarget(real, returnFinalTarget: true);
        return target is null ? real : Resolved(target.FullName);
    }

    private static string PackageLog() =>
        Array.Find(_packageLogs, IsReadable) ?? Path.Combine(AppContext.BaseDirectory, "sample.log");

    private static bool IsReadable(string path)
    {
        try
        {
            using FileStream log = File.OpenRead(path);
            return log.Length > 0;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private string TakeLine()
    {
        string line = Encoding.UTF8.GetString(_unfinished.GetBuffer(), 0, (int)_unfinished.Length).TrimEnd('\r');
        _unfinished.SetLength(0);
        Volatile.Write(ref _lines, _lines + 1);
        return line;
    }
}
