using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Files;

/// <summary>How a <see cref="FileSink"/> writes, and where. Immutable; bad values are refused where they are set.</summary>
public sealed record FileSinkConfig
{
    /// <summary>How many events one write takes at most, where the configuration does not say: 1 024.</summary>
    public const int DefaultFlushEvery = 1_024;

    private const int MaxFlushEvery = 1_000_000;

    /// <summary>
    /// The file. A relative path is made absolute at once, so that a later change of the current directory does not matter. The folder is created when the
    /// sink starts, and links are followed then. Rolled files stand beside it: <c>app.2026-01-31.0001.json</c> for <c>app.json</c>.
    /// </summary>
    /// <remarks>
    /// When somebody deletes the file or moves it away while it is written, it is begun anew within a second. What was delivered in that second is in the file that is gone;
    /// a look before each write would cost more than the write. Use the sink's own rolling, or rotation by copying, where that matters.
    /// </remarks>
    /// <exception cref="ArgumentNullException">The path is null.</exception>
    /// <exception cref="ArgumentException">The path is empty, has a null character, is too long for the file system, or is a directory.</exception>
    public required string Path
    {
        get;
        init => field = LogPath.Require(value, nameof(Path));
    }

    /// <summary>
    /// The size, in bytes, that the file may not exceed: an event that would make it do so begins a new file. An event larger than that has a file of its own.
    /// Null, the default: the size does not matter.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public long? MaxFileSize
    {
        get;
        init
        {
            if (value < 1)
                throw new ArgumentOutOfRangeException(nameof(MaxFileSize), value, "MaxFileSize is in bytes and must be at least 1; null, the default, never rolls by size.");
            field = value;
        }
    }

    /// <summary>Whether each day, by the local time of the sink's TimeProvider, has a file of its own. Default: no.</summary>
    public bool RollDaily { get; init; }

    /// <summary>How many rolled files are kept beside the current one; older ones are deleted. Null, the default: all.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1.</exception>
    public int? RetainedFiles
    {
        get;
        init
        {
            if (value < 1)
                throw new ArgumentOutOfRangeException(nameof(RetainedFiles), value, "RetainedFiles counts rolled files and must be at least 1; null, the default, keeps all.");
            field = value;
        }
    }

    /// <summary>
    /// How many events one write takes at most. A write takes what the queue holds and does not wait for more, so a lone event is written at once. Default:
    /// 1 024; room for so many is taken at once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is below 1, or above 1 000 000.</exception>
    public int FlushEvery
    {
        get;
        init
        {
            if (value is < 1 or > MaxFlushEvery)
                throw new ArgumentOutOfRangeException(nameof(FlushEvery), value, $"FlushEvery counts events and must be from 1 to {MaxFlushEvery}; the default is {DefaultFlushEvery}.");
            field = value;
        }
    } = DefaultFlushEvery;

    /// <summary>
    /// Whether each write is followed by an fsync, so that delivered means on the disk, not only with the operating system. Milliseconds per write. Default:
    /// no.
    /// </summary>
    public bool FlushToDisk { get; init; }

    /// <summary>
    /// A second file, best on another disk, to which the events are appended that could not be written to <see cref="Path"/>. Null, the default: none.
    /// A sink whose two files are the same, through links too, is refused when it is made.
    /// </summary>
    /// <exception cref="ArgumentException">Unusable, as for <see cref="Path"/>.</exception>
    public string? FallbackPath
    {
        get;
        init => field = value is null ? null : LogPath.Require(value, nameof(FallbackPath));
    }

    /// <summary>
    /// Takes the events that could not be written, in order, the one whose write failed first, and the reason. Called on the sink's loop when the sink has
    /// failed or was cancelled, after the fallback file was tried; what it throws is reported. Null, the default: none. With neither this nor a fallback, the
    /// loss is reported to <see cref="SinkDiagnostics.InternalError"/>.
    /// </summary>
    public Action<IReadOnlyList<LogEvent>, SinkException>? UndeliveredHandler { get; init; }

    /// <summary>The runtime's options: name, pending limit, overflow policy, clock. Its MaxBatchSize is set by <see cref="FlushEvery"/>.</summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    /// <exception cref="ArgumentException">It sets MaxBatchSize.</exception>
    public SinkOptions Options
    {
        get;
        init
        {
            ArgumentNullException.ThrowIfNull(value, nameof(Options));
            if (value.MaxBatchSize != 1)
                throw new ArgumentException($"Options.MaxBatchSize is {value.MaxBatchSize}, but a file sink's batches are sized by FlushEvery; set that instead.", nameof(Options));
            field = value;
        }
    } = new();

    /// <summary>What can be said only of all values together, since they are set in any order.</summary>
    /// <exception cref="ArgumentException">The fallback is the file itself.</exception>
    internal FileSinkConfig Check()
    {
        if (FallbackPath is not null && LogPath.AreSame(Path, FallbackPath))
            throw new ArgumentException($"FallbackPath \"{FallbackPath}\" is Path itself, which cannot be written when it is needed; choose another file, best on another disk.", nameof(FallbackPath));
        return this;
    }
}
