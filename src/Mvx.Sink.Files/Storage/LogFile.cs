using Microsoft.Win32.SafeHandles;

namespace Mvx.Sink.Files.Storage;

/// <summary>One open file that whole lines are appended to. Readers may share it. One thread at a time.</summary>
internal sealed class LogFile : IDisposable
{
    private const byte NewLine = (byte)'\n';

    private readonly SafeFileHandle _handle;

    private LogFile(SafeFileHandle handle, bool isLocked)
    {
        _handle = handle;
        IsLocked = isLocked;
    }

    /// <summary>Whether the operating system keeps every other sink from this file, whatever name they know it by.</summary>
    public bool IsLocked { get; }

    public long Length { get; private set; }

    public bool IsTorn { get; private set; }

    public DateTime CreationTimeUtc => File.GetCreationTimeUtc(_handle);

    public DateTime LastWriteTimeUtc => File.GetLastWriteTimeUtc(_handle);

    /// <summary>Opens or creates the file. A last line without an end, from a writer that was cut off, will be closed before the next line.</summary>
    /// <exception cref="FileSinkException">Another sink is writing the file, under another name.</exception>
    public static LogFile Open(string path)
    {
        // Sharing deletion lets Windows rename the file when it rolls; elsewhere it changes nothing.
        SafeFileHandle handle = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        try
        {
            bool? locked = AdvisoryLock.TryTake(handle, path);
            if (locked == false)
                throw FileSinkException.InUse(nameof(FileSinkConfig.Path), path);
            var file = new LogFile(handle, locked == true);
            file.FindEnd();
            return file;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Appends whole lines. Never throws for what the operating system answers; never leaves a part of a line behind if it can help it.</summary>
    public WriteResult Append(ReadOnlySpan<byte> lines, bool flushToDisk)
    {
        try
        {
            // Somebody may have truncated the file, as log rotation by copying does: writing at the old place would leave a hole.
            if (RandomAccess.GetLength(_handle) != Length)
                FindEnd();
            if (IsTorn)
                CloseTornLine();
        }
        catch (Exception error)
        {
            return new WriteResult(0, error);
        }

        try
        {
            RandomAccess.Write(_handle, lines, Length);
        }
        catch (Exception error)
        {
            int whole = KeepWholeLines(lines);
            return new WriteResult(whole, whole == lines.Count(NewLine) ? null : error);
        }

        Length += lines.Length;
        return flushToDisk && FlushToDisk() is { } notFlushed
            ? new WriteResult(0, notFlushed)
            : new WriteResult(lines.Count(NewLine), null);
    }

    public void Dispose() => _handle.Dispose();

    private Exception? FlushToDisk()
    {
        try
        {
            RandomAccess.FlushToDisk(_handle);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private void FindEnd()
    {
        Length = RandomAccess.GetLength(_handle);
        Span<byte> last = stackalloc byte[1];
        IsTorn = Length > 0 && RandomAccess.Read(_handle, last, Length - 1) == 1 && last[0] != NewLine;
    }

    private void CloseTornLine()
    {
        RandomAccess.Write(_handle, [NewLine], Length);
        Length++;
        IsTorn = false;
    }

    /// <summary>After a write that failed half-way: keeps the lines that are there as a whole and cuts off the rest.</summary>
    private int KeepWholeLines(ReadOnlySpan<byte> lines)
    {
        try
        {
            long written = Math.Clamp(RandomAccess.GetLength(_handle) - Length, 0, lines.Length);
            ReadOnlySpan<byte> whole = lines[..(lines[..(int)written].LastIndexOf(NewLine) + 1)];
            if (whole.Length < written)
                RandomAccess.SetLength(_handle, Length + whole.Length);
            Length += whole.Length;
            return whole.Count(NewLine);
        }
        catch (Exception)
        {
            // It cannot be told how much is there, so nothing is claimed; a torn line is closed when the file is opened next.
            return 0;
        }
    }
}
