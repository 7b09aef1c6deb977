using BenchmarkDotNet.Attributes;
using Mvx.Sink.Benchmarks.Peers;
using Mvx.Sink.Benchmarks.Workloads;

namespace Mvx.Sink.Benchmarks.Micro;

/// <summary>
/// Single calls on one thread, by BenchmarkDotNet: accepted with the dispatcher running, and refused with the queue full. Each invocation is a loop,
/// since a queue has to be given time to drain between invocations.
/// </summary>
[MemoryDiagnoser]
public class CallCosts
{
    private const int Calls = 1_000_000;
    private const int Throws = 10_000;
    private const int Roomy = 1 << 21;
    private const int Limit = 1_000;

    private readonly List<Peer> _peers = [];
    private Peer? _channel;
    private MvxPeer? _accepting;
    private MvxPeer? _dropping;
    private MvxPeer? _raising;

    /// <summary>Fills the queues that refuse, before each benchmark.</summary>
    [GlobalSetup]
    public void Open()
    {
        _channel = Add(ChannelPeer.Unbounded());
        _accepting = Add(new MvxPeer(Roomy));
        _dropping = Full(Add(new MvxPeer(Limit, QueueOverflowPolicy.Drop)));
        _raising = Full(Add(new MvxPeer(Limit)));
        WarmUp();
    }

    /// <summary>A method is promoted by how often it is called, and BenchmarkDotNet calls these few times; so many short calls come first.</summary>
    private void WarmUp()
    {
        for (int pass = 0; pass < 3; pass++)
        {
            for (int call = 0; call < 60; call++)
            {
                _channel!.Produce(500);
                _accepting!.Produce(500);
                Refusals.TryLog(_accepting, 500);
                _dropping!.Produce(500);
                Refusals.TryLog(_raising!, 500);
                Refusals.Throwing(_raising!, 10);
            }

            Measuring.Quiet.LetTheJitFinish();
        }
    }

    /// <summary>Gives the queues that accept the time to drain.</summary>
    [IterationSetup]
    public void Drain()
    {
        SpinWait.SpinUntil(() => _accepting!.Sink.Ledger.Pending == 0);
        long last;
        do
        {
            last = _channel!.Backend.Received;
            Thread.Sleep(5);
        }
        while (_channel.Backend.Received != last);
    }

    /// <summary>Releases everything.</summary>
    [GlobalCleanup]
    public void Close()
    {
        _peers.ForEach(static peer => peer.Dispose());
        _peers.Clear();
    }

    /// <summary>What everything is compared with.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Calls, Description = "raw unbounded channel: TryWrite")]
    public void Channel() => _channel!.Produce(Calls);

    /// <summary>The usual case.</summary>
    [Benchmark(OperationsPerInvoke = Calls, Description = "Log, accepted")]
    public void Log() => _accepting!.Produce(Calls);

    /// <summary>The usual case, asked for its outcome.</summary>
    [Benchmark(OperationsPerInvoke = Calls, Description = "TryLog, accepted")]
    public void TryLog() => Refusals.TryLog(_accepting!, Calls);

    /// <summary>Full, policy Drop.</summary>
    [Benchmark(OperationsPerInvoke = Calls, Description = "Log, dropped")]
    public void LogDropped() => _dropping!.Produce(Calls);

    /// <summary>Full, policy RaiseError, asked for its outcome.</summary>
    [Benchmark(OperationsPerInvoke = Calls, Description = "TryLog, refused")]
    public void TryLogRefused() => Refusals.TryLog(_raising!, Calls);

    /// <summary>Full, policy RaiseError.</summary>
    [Benchmark(OperationsPerInvoke = Throws, Description = "Log, refused by exception")]
    public void LogThrows() => Refusals.Throwing(_raising!, Throws);

    private static MvxPeer Full(MvxPeer peer)
    {
        peer.Backend.Hold();
        Refusals.TryLog(peer, 2 * Limit);
        return peer;
    }

    private T Add<T>(T peer)
        where T : Peer
    {
        _peers.Add(peer);
        return peer;
    }
}
