using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Metrics;

[Collection(ProcessWideCollection.Name)]
public sealed class HistogramTests : IDisposable
{
    private const string Duration = "mvx.sink.dispatch.duration";
    private const string TimeInQueue = "mvx.sink.events.time_in_queue";

    private readonly string _name = MeterWatch.NewName();
    private readonly ManualTime _time = new();
    private readonly GatedHook _gate = new();
    private readonly DiagnosticsCapture _diagnostics = new();

    public void Dispose() => _diagnostics.Dispose();

    [Fact]
    public void O5_Dispatch_and_queueing_are_timed_by_the_sinks_clock()
    {
        using var watch = new MeterWatch(_name);
        using ManagedSink<ScriptedSink> managed = Gated();
        watch.Collect(); // from here on events have time stamps
        managed.Sink.Log("first");
        _gate.WaitUntilEntered();
        managed.Sink.Log("second");
        _time.Advance(TimeSpan.FromSeconds(2));
        _gate.Open();
        managed.Terminate();
        Assert.Equal([2d, 0], watch.Recorded(Duration).Select(static reading => reading.Value));
        Assert.Equal([0d, 2], watch.Recorded(TimeInQueue).Select(static reading => reading.Value));
        Assert.All(watch.Recorded(Duration), static reading => Assert.Equal(typeof(ScriptedSink).FullName, reading.Tags["mvx.sink.type"]));
        Assert.All(watch.Recorded(Duration), static reading => Assert.DoesNotContain("error.type", reading.Tags.Keys));
    }

    [Fact]
    public void O5_A_failed_dispatch_is_timed_with_the_type_of_its_error()
    {
        using var watch = new MeterWatch(_name);
        using ManagedSink<ScriptedSink> managed = Gated();
        managed.Sink.Log("bad");
        _gate.WaitUntilEntered();
        _time.Advance(TimeSpan.FromSeconds(1));
        _gate.Fail(new IOException("gone"));
        Patience.Until(() => managed.Sink.State == SinkState.Failure, "The sink fails");
        MeterWatch.Reading reading = Assert.Single(watch.Recorded(Duration));
        Assert.Equal((1d, "System.IO.IOException"), (reading.Value, reading.Tags["error.type"]));
    }

    [Fact]
    public void O5_A_batch_is_one_dispatch_of_many_events()
    {
        using var watch = new MeterWatch(_name);
        using ManagedSink<BatchSink> managed = SinkRuntime.Create(() => new BatchSink(_gate, new SinkOptions { Namespace = _name, TimeProvider = _time, MaxBatchSize = 10 }));
        watch.Collect();
        managed.Sink.Log("first");
        _gate.WaitUntilEntered();
        for (int i = 0; i < 5; i++)
            managed.Sink.Log("x");
        _time.Advance(TimeSpan.FromSeconds(2));
        _gate.Open();
        managed.Terminate();
        Assert.Equal([2d, 0], watch.Recorded(Duration).Select(static reading => reading.Value));
        Assert.Equal([0d, 2, 2, 2, 2, 2], watch.Recorded(TimeInQueue).Select(static reading => reading.Value));
    }

    [Fact]
    public void O5_A_listener_that_throws_is_reported_and_harms_no_sink()
    {
        using var watch = new MeterWatch(_name, static instrument => !instrument.IsObservable);
        watch.OnReading = static _ => throw new InvalidDataException("listener");
        using (ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = _name }))
        {
            for (int i = 0; i < 10; i++)
                managed.Sink.Log("x");
            managed.Terminate();
            Assert.Equal((SinkState.Stopped, 10L), (managed.Sink.State, managed.Sink.Ledger.Delivered));
        }

        Assert.Contains("meter listener", DiagnosticsCapture.ContextOf(_diagnostics.WaitForOne(static error => error is InvalidDataException)), StringComparison.Ordinal);
    }

    [Fact]
    public void O5_A_listener_that_blocks_holds_up_no_caller_and_a_stop_over_its_budget_gives_the_loop_up()
    {
        using var release = new ManualResetEventSlim();
        using var entered = new ManualResetEventSlim();
        using var watch = new MeterWatch(_name, static instrument => instrument.Name == Duration);
        watch.OnReading = _ => { entered.Set(); release.Wait(); };
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, new SinkOptions { Namespace = _name });
        sink.Log("held");
        Assert.True(entered.Wait(Patience.Bound));
        sink.Log("rest");
        Assert.IsType<StopBudgetSpentException>(Patience.Finish(sink.Stop(TimeSpan.Zero)).Error);
        Assert.Equal((0L, 2L), (sink.Ledger.Pending, sink.Ledger.Undelivered));
        release.Set();
    }

    [Fact]
    public void O5_A_clock_that_throws_harms_no_sink()
    {
        using var watch = new MeterWatch(_name);
        var clock = new BrokenClock { IsBroken = true };
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = _name, TimeProvider = clock });
        watch.Collect();
        for (int i = 0; i < 10; i++)
            managed.Sink.Log("x");
        Patience.Finish(managed.Sink.FlushAsync().AsTask(), "The sink delivers");
        clock.IsBroken = false; // a stop has a budget, which needs a clock
        managed.Terminate();
        Assert.Equal((SinkState.Stopped, 10L), (managed.Sink.State, managed.Sink.Ledger.Delivered));
        Assert.Empty(watch.Recorded(Duration));
        Assert.Equal(10, watch.Collect("delivered"));
    }

    [Fact]
    public void O4_While_nobody_listens_no_time_is_taken_and_nothing_is_allocated()
    {
        var clock = new CountingClock();
        using ManagedSink<CountingSink> managed = SinkRuntime.Create(() => new CountingSink(new SinkOptions { Namespace = _name, TimeProvider = clock }));
        Log(managed.Sink, 200);
        Assert.Equal(0, clock.Stamps);
        using (var watch = new MeterWatch(_name))
        {
            watch.Collect();
            Log(managed.Sink, 1);
            Assert.NotEmpty(watch.Recorded(TimeInQueue));
        }

        // The dispatcher finds out with the next event that nobody listens any more.
        Log(managed.Sink, 200);
        long stamps = clock.Stamps, here = GC.GetAllocatedBytesForCurrentThread(), everywhere = GC.GetTotalAllocatedBytes(precise: true);
        Log(managed.Sink, 4000);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - here, 0, 4000);
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - everywhere, 0, 4000 * 25 * 10);
        Assert.Equal(stamps, clock.Stamps);
    }

    private static void Log(CountingSink sink, int bursts)
    {
        var spin = new SpinWait();
        for (int burst = 0; burst < bursts; burst++)
        {
            for (int i = 0; i < 25; i++)
                sink.Log("x");
            while (sink.Ledger.Pending > 0)
                spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private ManagedSink<ScriptedSink> Gated() => HostedSink.Create(
        s => s.Dispatching = (_, token) => _gate.Obedient(token),
        new SinkOptions { Namespace = _name, TimeProvider = _time });

    private sealed class BatchSink(GatedHook gate, SinkOptions options) : AsyncSink<string>(options)
    {
        protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        protected override ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken) => gate.Obedient(cancellationToken);
    }

    private sealed class CountingSink(SinkOptions options) : AsyncSink<string>(options)
    {
        protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class CountingClock : TimeProvider
    {
        private long _stamps;

        public long Stamps => Volatile.Read(ref _stamps);

        public override long GetTimestamp()
        {
            Interlocked.Increment(ref _stamps);
            return base.GetTimestamp();
        }
    }

    private sealed class BrokenClock : TimeProvider
    {
        public bool IsBroken { get; set; }

        public override long GetTimestamp() => IsBroken ? throw new NotSupportedException("broken") : base.GetTimestamp();
    }
}
