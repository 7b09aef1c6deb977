namespace Mvx.Sink.Integration.Support;

/// <summary>A lifecycle of somebody else's, borrowing its handles from an inner sink that lives on the same loop.</summary>
internal sealed class ForeignLifecycle : ISinkLifecycle, IDescribedSink<ForeignLifecycle, ForeignLifecycle>
{
    private readonly Lazy<ScriptedSink> _inner = new(static () => new ScriptedSink());

    public Exception? StopError { get; init; }

    /// <summary>Replaces the default Create; null: the default.</summary>
    public Func<ManagedSink<ForeignLifecycle>?>? Creating { get; init; }

    public SinkState State => _inner.Value.State;

    public SinkException? LastError => _inner.Value.LastError;

    public SinkLedger Ledger => _inner.Value.Ledger;

    public IObservable<SinkLifecycleEvent> Lifecycle => _inner.Value.Lifecycle;

    public static SinkDescriptor BuildDescriptor(ForeignLifecycle config) => new("foreign", [], []);

    public static ForeignLifecycle Construct(ForeignLifecycle config)
    {
        _ = config._inner.Value;
        return config;
    }

    public static ManagedSink<ForeignLifecycle> Create(ForeignLifecycle config) =>
        config.Creating is { } creating ? creating()! : SinkRuntime.Create(() => Construct(config));

    public SinkWaitHandle Start()
    {
        return _inner.Value.Start();
    }

    public SinkWaitHandle Stop() => StopError is null ? _inner.Value.Stop() : throw StopError;
}
