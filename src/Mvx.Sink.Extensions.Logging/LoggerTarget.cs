using Mvx.Sink.Extensions.Hosting;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>
/// The way from the loggers to the sink. Entries that come before the sink exists wait here, because creating it may need the very logger factory that is being
/// built, and no log call waits for that. Any thread.
/// </summary>
internal sealed class LoggerTarget : IDisposable
{
    /// <summary>How often what came meanwhile is handed over without the lock, before whoever logs on has to wait for it.</summary>
    private const int MostRounds = 16;

    private readonly MvxSinkHost? _host;
    private readonly string _name;
    private readonly MvxSinkLoggerOptions _options;
    private readonly Lock _lock = new();

    // Written once, the guard before the early entries are handed over, the sink after them; read anywhere.
    private ReentrancyGuard<LogEvent>? _guard;
    private AsyncSink<LogEvent>? _sink;

    // Under the lock.
    private Queue<LogEvent>? _early = new();
    private Task? _creation;
    private long _lostEarly;

    private volatile bool _disposed;

    public LoggerTarget(AsyncSink<LogEvent> sink, MvxSinkLoggerOptions options)
    {
        ArgumentNullException.ThrowIfNull(sink);
        _name = sink.ToString();
        _options = options;
        _guard = GuardOf(sink);
        _sink = sink;
        _early = null;
    }

    public LoggerTarget(MvxSinkHost host, string name, MvxSinkLoggerOptions options)
    {
        _host = host;
        _name = name;
        _options = options;
        host.WhenCreated(name, sink => Attach((AsyncSink<LogEvent>)sink));
    }

    public long Reentered => Volatile.Read(ref _guard)?.Reentered ?? 0;

    public long LostEarly => Interlocked.Read(ref _lostEarly);

    public void Log(LogEvent item)
    {
        AsyncSink<LogEvent>? sink = Volatile.Read(ref _sink);
        if (sink is null)
        {
            LogEarly(item);
            return;
        }

        if (_host is { HasStopped: true })
            WakeLate(sink);
        if (_guard is { IsReentrant: true } guard)
            guard.Log(item);
        else
            sink.TryLog(item);
    }

    public void Dispose()
    {
        _disposed = true;
        Task? creation;
        lock (_lock)
            creation = _creation;
        creation?.GetAwaiter().GetResult();
    }

    private void LogEarly(LogEvent item)
    {
        // The early entries are being handed over, and this comes of their delivery: queued, each would bring about another.
        if (Volatile.Read(ref _guard) is { IsReentrant: true } guard)
        {
            guard.Log(item);
            return;
        }

        lock (_lock)
        {
            if (_sink is null)
            {
                if (_early is null || _early.Count >= _options.EarlyEntryLimit)
                    _lostEarly++;
                else
                    _early.Enqueue(item);
                _creation ??= CreateAsync();
                return;
            }
        }

        Log(item);
    }

    /// <summary>
    /// The host has stopped its sinks and is disposing its services, one of which logs. The sink starts again for that; its registry, which is disposed last,
    /// terminates it.
    /// </summary>
    private void WakeLate(AsyncSink<LogEvent> sink)
    {
        if (sink.State == SinkState.Stopped && !_disposed)
            _ = sink.Start();
    }

    private async Task CreateAsync()
    {
        // Not under the lock, and not on the thread of whoever logs first.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await _host!.GetAsync(_name).ConfigureAwait(false); // by then it is attached
        }
        catch (Exception error)
        {
            GiveUp(error);
        }
    }

    private void Attach(AsyncSink<LogEvent> sink)
    {
        ReentrancyGuard<LogEvent>? guard = GuardOf(sink);
        if (guard is not null)
            _host!.SetIntendedLoss(_name, () => guard.Policy == ReentrancyPolicy.Fallback ? 0 : guard.Reentered);
        Volatile.Write(ref _guard, guard);

        // Not under the lock: under the policy Wait this may wait for a backend that logs, which would wait for the lock.
        int rounds = 0;
        while (rounds < MostRounds && TakeEarly() is { } round)
        {
            HandOver(round, sink);
            rounds++;
        }

        long lost;
        lock (_lock)
        {
            HandOver(_early ?? [], sink);
            _early = null;
            lost = _lostEarly;
            Volatile.Write(ref _sink, sink);
        }

        // No ledger has them.
        if (lost > 0)
            Report(new InvalidOperationException($"{Entries(lost)} lost: more came before the sink ran than the {_options.EarlyEntryLimit} that EarlyEntryLimit keeps."));
    }

    private Queue<LogEvent>? TakeEarly()
    {
        lock (_lock)
        {
            if (_early is not { Count: > 0 })
                return null;
            Queue<LogEvent> taken = _early;
            _early = new Queue<LogEvent>();
            return taken;
        }
    }

    private static void HandOver(Queue<LogEvent> items, AsyncSink<LogEvent> sink)
    {
        while (items.TryDequeue(out LogEvent? item))
            sink.TryLog(item);
    }

    private void GiveUp(Exception error)
    {
        long lost;
        lock (_lock)
        {
            _lostEarly += _early?.Count ?? 0;
            lost = _lostEarly;
            _early = null;
        }

        // Whoever starts the host gets the failure itself. Nobody else is told of the entries.
        Report(new SinkCreationException($"{Entries(lost)} lost, and so is what follows: the sink could not be created. {error.Message}", error));
    }

    private static string Entries(long count) => $"{count} {(count == 1 ? "entry is" : "entries are")}";

    private void Report(Exception error) => SinkDiagnostics.Report($"log entries for sink '{_name}'", error);

    private ReentrancyGuard<LogEvent>? GuardOf(AsyncSink<LogEvent> sink) =>
        _options.Reentrancy is { } policy ? new ReentrancyGuard<LogEvent>(sink, policy, _options.ReentrancyFallback, _options.ReentrancyScope) : null;
}
