namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>A sink of this project on its own loop, made as users make one.</summary>
internal sealed class MvxPeer : Peer
{
    private readonly ManagedSink<CountingSink> _managed;
    private readonly CountingSink _sink;

    public MvxPeer(int capacity, QueueOverflowPolicy policy = QueueOverflowPolicy.RaiseError)
    {
        var options = new SinkOptions { QueueMaxSize = capacity, OverflowPolicy = policy, Namespace = "bench" };
        _managed = SinkRuntime.Create(() => new CountingSink(Backend, options));
        _sink = _managed.Sink;
    }

    public CountingSink Sink => _sink;

    public override long Dropped => _sink.Ledger.Dropped;

    public override void Produce(int count)
    {
        CountingSink sink = _sink;
        BenchEvent item = BenchEvent.Prepared;
        for (int i = 0; i < count; i++)
            sink.Log(item);
    }

    public override void LogOne() => _sink.Log(BenchEvent.Prepared);

    protected override void Close() => _managed.Terminate();
}
