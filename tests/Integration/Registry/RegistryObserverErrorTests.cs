using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Registry;

[Collection(ProcessWideCollection.Name)]
public sealed class RegistryObserverErrorTests : IDisposable
{
    private readonly DiagnosticsCapture _diagnostics = new();

    public void Dispose() => _diagnostics.Dispose();

    [Fact]
    public void O6_An_observer_that_throws_is_unsubscribed_and_reported_and_harms_nobody()
    {
        using var registry = new SinkRegistry();
        int calls = 0;
        var throwing = new CollectingObserver<SinkRegistryEvent> { OnItem = _ => { calls++; throw new InvalidDataException("observer"); } };
        var good = new CollectingObserver<SinkRegistryEvent>();
        registry.Lifecycle.Subscribe(throwing);
        registry.Lifecycle.Subscribe(good);
        registry.Configure<DescribedSink, DescribedConfig>("app", new DescribedConfig("x"));
        Exception report = _diagnostics.WaitForOne(static error => error is InvalidDataException);
        Assert.Contains("lifecycle of a registry", DiagnosticsCapture.ContextOf(report), StringComparison.Ordinal);
        registry.Dispose();
        Assert.Equal(4, good.WaitForCompletion().Length);
        Assert.Equal(1, calls);
        Assert.False(throwing.Completed.IsCompleted);
    }

    [Fact]
    public void O4_An_unwatched_registry_does_not_observe_its_sinks()
    {
        using var registry = new SinkRegistry();
        var watched = new WatchedLifecycle();
        registry.Configure("app", new SinkDescriptor("watched", [], []), () => SinkRuntime.Create(() => watched.On()));
        Assert.Equal(0, watched.Looks);
        using IDisposable subscription = registry.Lifecycle.Subscribe(new CollectingObserver<SinkRegistryEvent>());
        registry.Lifecycle.Subscribe(new CollectingObserver<SinkRegistryEvent>());
        Assert.Equal(1, watched.Looks);
    }

    private sealed class WatchedLifecycle : ISinkLifecycle
    {
        private readonly Lazy<ScriptedSink> _inner = new(static () => new ScriptedSink());

        public int Looks { get; private set; }

        public SinkState State => _inner.Value.State;

        public SinkException? LastError => _inner.Value.LastError;

        public SinkLedger Ledger => _inner.Value.Ledger;

        public IObservable<SinkLifecycleEvent> Lifecycle
        {
            get
            {
                Looks++;
                return _inner.Value.Lifecycle;
            }
        }

        public WatchedLifecycle On()
        {
            _ = _inner.Value;
            return this;
        }

        public SinkWaitHandle Start() => _inner.Value.Start();

        public SinkWaitHandle Stop() => _inner.Value.Stop();
    }
}
