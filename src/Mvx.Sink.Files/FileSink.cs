using Mvx.Sink.Files.Json;
using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Files;

/// <summary>
/// Appends log events to a file, one JSON object per line, in UTF-8 without a byte order mark. An event is delivered once the operating system has taken
/// its whole line (with <see cref="FileSinkConfig.FlushToDisk"/>, once it is on the disk); there is no buffer behind that in which it could still be lost.
/// </summary>
/// <remarks>
/// A write takes what the queue holds, so the file is up to date whenever the queue runs empty. When a write fails, the events whose lines are in the file as a
/// whole are delivered, the next one failed, and the rest, it included, go to the configured fallback or handler. Writing blocks the sink's own loop thread, not
/// the callers of <c>Log</c>.
/// <para>
/// One file has one writer: a second sink is refused, of another process too. A file that somebody deletes or moves away under the sink is begun anew within a
/// second; what was delivered in that second is in the file that is gone.
/// </para>
/// </remarks>
public sealed class FileSink : AsyncLogSink, IDescribedSink<FileSink, FileSinkConfig>
{
    private readonly FileSinkConfig _config;

    // Owned by the loop.
    private readonly LineWriter _writer;
    private LogEvent? _failed;

    /// <summary>Binds the new sink to the current event loop. The file is opened when the sink starts.</summary>
    /// <param name="config">Where and how it writes.</param>
    /// <exception cref="ArgumentNullException">The configuration is null.</exception>
    /// <exception cref="ArgumentException">FallbackPath is Path itself.</exception>
    /// <exception cref="EventLoopUnavailableException">There is no current event loop.</exception>
    public FileSink(FileSinkConfig config)
        : base(RuntimeOptions(config))
    {
        _config = config;
        _writer = new LineWriter();
    }

    /// <summary>The full path of the file that is written now. Rolled files stand beside it.</summary>
    public string Path => _config.Path;

    /// <inheritdoc/>
    /// <exception cref="ArgumentNullException">The configuration is null.</exception>
    /// <exception cref="ArgumentException">FallbackPath is Path itself.</exception>
    public static SinkDescriptor BuildDescriptor(FileSinkConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Check();
        return new SinkDescriptor(
            "file",
            [config.Path],
            [
                $"MaxFileSize={config.MaxFileSize}",
                $"RollDaily={config.RollDaily}",
                $"RetainedFiles={config.RetainedFiles}",
                $"FlushEvery={config.FlushEvery}",
                $"FlushToDisk={config.FlushToDisk}",
                $"FallbackPath={config.FallbackPath}",
                config.UndeliveredHandler,
                config.Options,
            ]);
    }

    /// <inheritdoc/>
    public static FileSink Construct(FileSinkConfig config) => new(config);

    /// <summary>Creates the folder, takes the file for this sink alone, and opens it.</summary>
    /// <param name="cancellationToken">Not needed: opening takes no time worth cancelling.</param>
    /// <returns>A completed task.</returns>
    /// <exception cref="FileSinkException">The file cannot be opened for writing, or another sink is writing it.</exception>
    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _writer.Open(_config);
        return ValueTask.CompletedTask;
    }

    /// <summary>Writes one event at once.</summary>
    /// <param name="item">The event.</param>
    /// <param name="cancellationToken">Not needed: a write is not cut off half-way.</param>
    /// <returns>A completed task.</returns>
    /// <exception cref="FileSinkException">The event was not written.</exception>
    protected override ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken)
    {
        Write([item], reportDelivered: false);
        return ValueTask.CompletedTask;
    }

    /// <summary>Writes all events of the batch, as a rule with one call to the operating system.</summary>
    /// <param name="batch">The events.</param>
    /// <param name="cancellationToken">Not needed: a write is not cut off half-way.</param>
    /// <returns>A completed task.</returns>
    /// <exception cref="FileSinkException">Not all events were written; those that were are reported as delivered.</exception>
    protected override ValueTask DispatchBatchAsync(ReadOnlyMemory<LogEvent> batch, CancellationToken cancellationToken)
    {
        Write(batch.Span, reportDelivered: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>Closes the file and leaves it to others.</summary>
    /// <param name="cancellationToken">Not needed.</param>
    /// <returns>A task that completes when the file is closed.</returns>
    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        try
        {
            // The event that failed is not among the undelivered ones, and without those nobody has asked for it.
            if (_failed is not null)
                await OnUndeliveredAsync([], LastError ?? new UnexpectedSinkException(new IOException("The event was not written.")));
        }
        finally
        {
            _writer.Close();
        }
    }

    /// <summary>Hands the events that could not be written, the one whose write failed first, to the configured fallback file and handler.</summary>
    /// <param name="items">The events that were not tried.</param>
    /// <param name="cause">What ended the sink.</param>
    /// <returns>A task that completes when the events are handed over.</returns>
    protected override ValueTask OnUndeliveredAsync(IReadOnlyList<LogEvent> items, SinkException cause)
    {
        IReadOnlyList<LogEvent> all = _failed is { } failed ? [failed, .. items] : items;
        _failed = null;
        if (_config.FallbackPath is null && _config.UndeliveredHandler is null)
        {
            Diagnostics.Report(new SinkException(
                cause.Reason,
                $"{all.Count} accepted events were not delivered to \"{Path}\", because: {cause.Message} Set FallbackPath or UndeliveredHandler to save them.",
                new Dictionary<string, object?>(StringComparer.Ordinal) { ["undelivered"] = all.Count },
                cause));
            return ValueTask.CompletedTask;
        }

        try
        {
            if (_config.FallbackPath is { } fallback)
                FallbackFile.Append(fallback, all);
        }
        finally
        {
            _config.UndeliveredHandler?.Invoke(all, cause);
        }

        return ValueTask.CompletedTask;
    }

    private static SinkOptions RuntimeOptions(FileSinkConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return config.Check().Options with { MaxBatchSize = config.FlushEvery };
    }

    private void Write(ReadOnlySpan<LogEvent> events, bool reportDelivered)
    {
        int written = 0;
        try
        {
            _writer.Write(events, ref written);
        }
        catch
        {
            _failed = events[written];
            if (reportDelivered)
                ReportDelivered(written);
            throw;
        }
    }
}
