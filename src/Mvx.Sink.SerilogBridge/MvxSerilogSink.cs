using Serilog.Core;
using Serilog.Debugging;

namespace Mvx.Sink.SerilogBridge;

/// <summary>
/// One of our sinks as Serilog sees it. Emitting never waits, and never throws because the sink refuses: that is counted in the sink's ledger. Disposing, which
/// <c>Log.CloseAndFlush</c> does, terminates the sink if it is this one's to end, and else flushes nothing. Any thread.
/// </summary>
public sealed class MvxSerilogSink : ILogEventSink, IDisposable, IAsyncDisposable
{
    private readonly AsyncSink<LogEvent> _sink;
    private readonly IFormatProvider? _formatProvider;
    private readonly Action? _terminate;

    /// <summary>Puts a sink behind Serilog.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="formatProvider">How values are rendered in messages, or null.</param>
    /// <param name="terminate">Ends the sink when this one is disposed, or null when somebody else does.</param>
    /// <exception cref="ArgumentNullException">The sink is null.</exception>
    public MvxSerilogSink(AsyncSink<LogEvent> sink, IFormatProvider? formatProvider = null, Action? terminate = null)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _sink = sink;
        _formatProvider = formatProvider;
        _terminate = terminate;
    }

    /// <summary>What became of the events.</summary>
    public SinkLedger Ledger => _sink.Ledger;

    /// <inheritdoc/>
    public void Emit(Serilog.Events.LogEvent logEvent)
    {
        ArgumentNullException.ThrowIfNull(logEvent);
        _sink.TryLog(SerilogEventConverter.Convert(logEvent, _formatProvider));
    }

    /// <summary>Ends the sink, flushing it, if it is this one's to end. A failed stop is told to Serilog's SelfLog, as Serilog's own do.</summary>
    public void Dispose()
    {
        try
        {
            _terminate?.Invoke();
        }
        catch (SinkException error)
        {
            SelfLog.WriteLine("The sink {0} did not stop cleanly: {1}", _sink, error);
        }
    }

    /// <summary>Like <see cref="Dispose"/>, without blocking the caller.</summary>
    /// <returns>A task that completes when the sink has ended.</returns>
    public ValueTask DisposeAsync() => _terminate is null ? ValueTask.CompletedTask : new ValueTask(Task.Run(Dispose));
}
