using Serilog.Core;
using Serilog.Debugging;

namespace Mvx.Sink.SerilogBridge;

/// <summary>
/// A Serilog sink as the backend of one of ours: it gains the queue, the ledger and the lifecycle, and its Emit runs on one thread, off the threads that log. What
/// Emit throws ends this sink in Failure (rule L12), and the events after it are handed over.
/// </summary>
public sealed class SerilogBackend : AsyncSink<Serilog.Events.LogEvent>, ILogEventSink
{
    private readonly Func<ILogEventSink> _open;

    // Owned by the loop.
    private ILogEventSink? _backend;

    /// <summary>Binds the new sink to the current event loop.</summary>
    /// <param name="open">Opens the Serilog sink; called on the loop at each start. What it gives is disposed at each stop.</param>
    /// <param name="options">How the runtime behaves; null: all defaults.</param>
    /// <exception cref="ArgumentNullException">The factory is null.</exception>
    /// <exception cref="EventLoopUnavailableException">There is no current event loop.</exception>
    public SerilogBackend(Func<ILogEventSink> open, SinkOptions? options = null)
        : base(options)
    {
        ArgumentNullException.ThrowIfNull(open);
        _open = open;
    }

    /// <summary>Creates a running sink on a thread of its own.</summary>
    /// <param name="open">Opens the Serilog sink.</param>
    /// <param name="options">How the runtime behaves; null: all defaults.</param>
    /// <returns>The sink and its terminator.</returns>
    /// <exception cref="SinkCreationException">Opening the Serilog sink failed.</exception>
    public static ManagedSink<SerilogBackend> Create(Func<ILogEventSink> open, SinkOptions? options = null) => SinkRuntime.Create(() => new SerilogBackend(open, options));

    /// <summary>Accepts an event as <see cref="AsyncSink{TEvent}.TryLog"/> does, for Serilog: a refusal is counted, not thrown.</summary>
    /// <param name="logEvent">The event.</param>
    public void Emit(Serilog.Events.LogEvent logEvent) => TryLog(logEvent);

    /// <inheritdoc/>
    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _backend = _open() ?? throw new InvalidOperationException("The factory of the Serilog sink returned null.");
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask DispatchAsync(Serilog.Events.LogEvent item, CancellationToken cancellationToken)
    {
        _backend!.Emit(item);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        ILogEventSink? backend = _backend;
        _backend = null;
        if (backend is IAsyncDisposable asynchronous)
            return asynchronous.DisposeAsync();
        (backend as IDisposable)?.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override ValueTask OnUndeliveredAsync(IReadOnlyList<Serilog.Events.LogEvent> items, SinkException cause)
    {
        ArgumentNullException.ThrowIfNull(items);
        SelfLog.WriteLine("{0} events were not delivered, because: {1}", items.Count, cause);
        return base.OnUndeliveredAsync(items, cause);
    }
}
