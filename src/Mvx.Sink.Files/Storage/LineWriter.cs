using Mvx.Sink.Files.Json;

namespace Mvx.Sink.Files.Storage;

/// <summary>Makes lines of events and puts them into the rolling file, many at a time. One thread at a time.</summary>
internal sealed class LineWriter
{
    /// <summary>So many bytes are worth a write of their own: past this, more per write saves nothing, and leaves the processor's cache.</summary>
    private const int WriteSize = 64 * 1024;

    private readonly LineBuffer _buffer = new(WriteSize * 2);
    private readonly LogEventFormatter _formatter;
    private RollingLog? _log;

    public LineWriter() => _formatter = new LogEventFormatter(_buffer);

    public void Open(FileSinkConfig config) => _log = RollingLog.Open(config);

    public void Close()
    {
        _log?.Dispose();
        _log = null;
    }

    /// <summary>Writes all events, or throws.</summary>
    /// <param name="events">The events.</param>
    /// <param name="written">Counts the events that the operating system has taken, in order; right at every exit.</param>
    /// <exception cref="FileSinkException">The file cannot be written.</exception>
    public void Write(ReadOnlySpan<LogEvent> events, ref int written)
    {
        RollingLog log = _log ?? throw new InvalidOperationException("The file is not open.");
        try
        {
            log.Prepare();
            foreach (LogEvent item in events)
            {
                int lineStart = _buffer.Count;
                _formatter.Append(item);
                if (log.IsTooSmallFor(_buffer.Count))
                    BeginNextFile(log, lineStart, ref written);
                if (_buffer.Count >= WriteSize)
                    Commit(log, _buffer.Count, ref written);
            }

            Commit(log, _buffer.Count, ref written);
        }
        finally
        {
            // After a failure its lines belong to nobody: who calls knows which events were not written.
            _buffer.Clear();
        }
    }

    /// <summary>The line from <paramref name="lineStart"/> does not fit any more: what is before it does.</summary>
    private void BeginNextFile(RollingLog log, int lineStart, ref int written)
    {
        Commit(log, lineStart, ref written);
        if (!log.IsEmpty)
            log.Roll();
    }

    private void Commit(RollingLog log, int count, ref int written)
    {
        if (count == 0)
            return;
        WriteResult result = log.Append(_buffer.Bytes[..count]);
        written += result.Lines;
        if (result.Error is { } error)
            throw FileSinkException.Write(log.Path, error);
        _buffer.RemoveFirst(count);
    }
}
