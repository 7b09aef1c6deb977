using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Observation;

[Collection(ProcessWideCollection.Name)]
public sealed class NoSubscriberTests
{
    private const int Bursts = 4000;
    private const int BurstSize = 25;

    // What the rest of the process may allocate meanwhile. The smallest object has 24 bytes, so one per event would be far above it.
    private const int Noise = Bursts * BurstSize * 10;

    private readonly object _item = new();

    [Fact]
    public void O4_Without_a_subscriber_neither_producer_nor_loop_allocates_per_event()
    {
        using ManagedSink<CountingSink> managed = SinkRuntime.Create(static () => new CountingSink());
        Log(managed.Sink, 200);
        long here = GC.GetAllocatedBytesForCurrentThread();
        long everywhere = GC.GetTotalAllocatedBytes(precise: true);
        Log(managed.Sink, Bursts);
        long perThread = GC.GetAllocatedBytesForCurrentThread() - here;
        long total = GC.GetTotalAllocatedBytes(precise: true) - everywhere;

        Assert.InRange(perThread, 0, Bursts * BurstSize / 10);
        Assert.InRange(total, 0, Noise);
        Assert.Equal((200 + Bursts) * BurstSize, managed.Sink.Count);
    }

    [Fact]
    public void O4_Once_the_last_subscriber_has_gone_it_is_free_again()
    {
        using ManagedSink<CountingSink> managed = SinkRuntime.Create(static () => new CountingSink());
        var watch = new CollectingObserver<SinkDispatchEvent<object>>();
        IDisposable subscription = managed.Sink.Dispatches.Subscribe(watch);
        Log(managed.Sink, 1);
        watch.WaitFor(BurstSize);
        subscription.Dispose();
        Log(managed.Sink, 200);
        long everywhere = GC.GetTotalAllocatedBytes(precise: true);
        Log(managed.Sink, Bursts);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - everywhere, 0, Noise);
    }

    [Fact]
    public void O4_Without_a_subscriber_a_drop_or_a_refusal_by_TryLog_allocates_nothing()
    {
        var gate = new GatedHook();
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, new SinkOptions { QueueMaxSize = 1, OverflowPolicy = QueueOverflowPolicy.Drop }, s => s.Dispatching = (_, token) => gate.Obedient(token));
        sink.Log("in");
        gate.WaitUntilEntered();
        Assert.InRange(Allocated(() => sink.Log("x")), 0, 1000);
        Assert.InRange(Allocated(() => sink.TryLog("x")), 0, 1000);
        gate.Open();
        Patience.Finish(sink.Stop());
        Assert.InRange(Allocated(() => sink.TryLog("x")), 0, 1000);
        Assert.Equal((20_200, 10_100), (sink.Ledger.Dropped, sink.Ledger.Rejected));

        static long Allocated(Action action)
        {
            for (int i = 0; i < 100; i++)
                action();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10_000; i++)
                action();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Bursts, so that the loop goes to sleep and is woken too.</summary>
    private void Log(CountingSink sink, int bursts)
    {
        var spin = new SpinWait();
        for (int burst = 0; burst < bursts; burst++)
        {
            for (int i = 0; i < BurstSize; i++)
                sink.Log(_item);
            while (sink.Ledger.Pending > 0)
                spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private sealed class CountingSink : AsyncSink<object>
    {
        public int Count { get; private set; }

        protected override ValueTask DispatchAsync(object item, CancellationToken cancellationToken)
        {
            Count++;
            return ValueTask.CompletedTask;
        }
    }
}
