namespace Mvx.Sink.Files.Storage;

/// <summary>The file that is written now, and the passage to the next one. One thread at a time.</summary>
internal sealed class RollingLog : IDisposable
{
    private static readonly TimeSpan _lookInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _rollRetryInterval = TimeSpan.FromMinutes(1);

    private readonly FileSinkConfig _config;
    private readonly TimeProvider _clock;
    private readonly RolledFiles _rolled;

    // Where the links of the configured path lead, followed once: the lock, the file and the rolled files are there.
    private readonly string _path;
    private FileLock _lock;
    private LogFile _file;
    private DateOnly _day;
    private DateTimeOffset _nextLook;
    private DateTimeOffset? _rollPostponedTo;

    private RollingLog(FileSinkConfig config, string path, FileLock held)
    {
        _config = config;
        _clock = config.Options.TimeProvider;
        _rolled = new RolledFiles(path);
        _path = path;
        _lock = held;
        _file = LogFile.Open(path);
        DateTimeOffset now = _clock.GetLocalNow();
        _day = DayOfFile(now);
        _nextLook = now + _lookInterval;
    }

    public string Path => _config.Path;

    public static RollingLog Open(FileSinkConfig config)
    {
        try
        {
            string path = LogPath.Resolve(config.Path);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            FileLock held = FileLock.Take(path, nameof(FileSinkConfig.Path));
            try
            {
                var log = new RollingLog(config, path, held);
                log.DeleteOld();
                return log;
            }
            catch
            {
                held.Dispose();
                throw;
            }
        }
        catch (Exception error) when (error is not SinkException)
        {
            throw FileSinkException.Open(nameof(FileSinkConfig.Path), config.Path, error);
        }
    }

    /// <summary>To be called before the lines of a batch are made: what the clock and the folder ask for.</summary>
    /// <exception cref="FileSinkException">The next file cannot be opened.</exception>
    public void Prepare()
    {
        DateTimeOffset now = _clock.GetLocalNow();
        DateOnly today = DateOnly.FromDateTime(now.DateTime);
        if (now >= _nextLook)
        {
            _nextLook = now + _lookInterval;
            bool replaced = WasReplaced();
            KeepLock(replaced);
            if (replaced)
                Reopen(now);
        }

        if (now >= _rollPostponedTo)
            _rollPostponedTo = null;
        if (today > _day)
        {
            if (_config.RollDaily && _file.Length > 0)
                Roll();
            else
                _day = today;
        }
    }

    /// <summary>Whether so many more bytes would make the file larger than it may be.</summary>
    public bool IsTooSmallFor(int bytes) =>
        _config.MaxFileSize is { } limit && _file.Length + bytes > limit && _rollPostponedTo is null;

    /// <summary>Whether the file holds nothing, so that rolling it makes no sense.</summary>
    public bool IsEmpty => _file.Length == 0;

    /// <summary>
    /// Puts the current file aside and begins the next. When it cannot be put aside, that is reported and the file goes on: nothing is lost, it is
    /// only larger than it should be.
    /// </summary>
    /// <exception cref="FileSinkException">The next file cannot be opened.</exception>
    public void Roll()
    {
        DateTimeOffset now = _clock.GetLocalNow();
        if (_rollPostponedTo is not null)
            return;
        try
        {
            File.Move(_path, _rolled.Next(_day));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            _rollPostponedTo = now + _rollRetryInterval;
            Diagnostics.Report(new FileSinkException(
                _config.Path,
                $"\"{_config.Path}\" cannot be rolled: {error.Message} It is written on, and tried again in {_rollRetryInterval.TotalMinutes:0} minute.",
                error));
            return;
        }

        Reopen(now);
        DeleteOld();
    }

    /// <summary>Appends whole lines.</summary>
    public WriteResult Append(ReadOnlySpan<byte> lines) => _file.Append(lines, _config.FlushToDisk);

    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    private DateOnly DayOfFile(DateTimeOffset now) => DateOnly.FromDateTime(
        _file.Length == 0 ? now.DateTime : TimeZoneInfo.ConvertTimeFromUtc(_file.LastWriteTimeUtc, _clock.LocalTimeZone));

    /// <summary>Whether somebody has moved or deleted the file: then what is written to it would be found by nobody.</summary>
    private bool WasReplaced()
    {
        var info = new FileInfo(_path);
        return !info.Exists || (info.LinkTarget is null && (info.Length != _file.Length || info.CreationTimeUtc != _file.CreationTimeUtc));
    }

    /// <summary>Takes the lock again when somebody has deleted its file, alone or with the folder.</summary>
    /// <exception cref="FileSinkException">Another sink has taken it meanwhile.</exception>
    private void KeepLock(bool fileReplaced)
    {
        try
        {
            if (_lock.IsInPlace())
                return;
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path)!);
            FileLock again = FileLock.Take(_path, nameof(FileSinkConfig.Path));
            _lock.Abandon();
            _lock = again;
        }
        catch (Exception) when (_file.IsLocked && !fileReplaced)
        {
            // The file itself is locked, so nobody else writes it, whoever tries just now. The lock file's turn comes with the next look.
        }
        catch (Exception error) when (error is not SinkException)
        {
            throw FileSinkException.Open(nameof(FileSinkConfig.Path), _config.Path, error);
        }
    }

    private void Reopen(DateTimeOffset now)
    {
        LogFile next;
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(_path)!);
            next = LogFile.Open(_path);
        }
        catch (Exception error) when (error is not SinkException)
        {
            throw FileSinkException.Open(nameof(FileSinkConfig.Path), _config.Path, error);
        }

        _file.Dispose();
        _file = next;
        _day = DayOfFile(now);
    }

    private void DeleteOld()
    {
        if (_config.RetainedFiles is not { } retained)
            return;
        try
        {
            foreach ((string path, _, _) in _rolled.All().SkipLast(retained))
                File.Delete(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Diagnostics.Report(new FileSinkException(_config.Path, $"Old files of \"{_config.Path}\" cannot be deleted: {error.Message} They are tried again when the file rolls.", error));
        }
    }
}
