using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

/// <summary>Every thread of the pool is busy for as long as a test runs; the sinks go on.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class SaturatedPoolTests : IDisposable
{
    private readonly ManualResetEventSlim _release = new();
    private readonly (int Workers, int Ports) _most;
    private readonly CountdownEvent _left;

    public SaturatedPoolTests()
    {
        ThreadPool.GetMaxThreads(out _most.Workers, out _most.Ports);
        int workers = Math.Max(Environment.ProcessorCount, ThreadPool.ThreadCount) + 2;
        Assert.True(ThreadPool.SetMaxThreads(workers, _most.Ports));
        _left = new CountdownEvent(workers * 2);
        for (int i = 0; i < workers * 2; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    _release.Wait();
                    _left.Signal();
                },
                null);
        }
    }

    public void Dispose()
    {
        _release.Set();
        Assert.True(_left.Wait(Patience.Bound));
        Assert.True(ThreadPool.SetMaxThreads(_most.Workers, _most.Ports));
        _left.Dispose();
        _release.Dispose();
    }

    [Fact]
    public void P1_A_saturated_thread_pool_stops_neither_start_nor_delivery_nor_stop_nor_terminate()
    {
        using var poolWorks = new ManualResetEventSlim();
        ThreadPool.UnsafeQueueUserWorkItem(_ => poolWorks.Set(), null);
        ScriptedSink? sink = null;
        Exception? error = Patience.OnOwnThread(() =>
        {
            ManagedSink<ScriptedSink> managed = HostedSink.Create(static s =>
            {
                s.Starting = static async _ => await Task.Yield();
                s.Dispatching = static async (_, _) => await Task.Yield();
                s.Stopped = static async _ => await Task.Yield();
            });
            sink = managed.Sink;
            for (int i = 0; i < 100; i++)
                sink.Log($"{i}");
            ValueTask<FlushReport> flush = sink.FlushAsync();
            Assert.Equal(100, flush.AsTask().GetAwaiter().GetResult().Delivered);
            Assert.True(sink.Stop().Wait().Success);
            Assert.True(sink.Start().Wait().Success);
            sink.Log("again");
            managed.Terminate();
        });
        Assert.Null(error);
        Assert.Equal(101, sink!.Delivered.Count);
        Assert.Equal(SinkState.Stopped, sink.State);
        Assert.False(poolWorks.IsSet, "the pool was not saturated");
    }

    [Fact]
    public void P1_A_saturated_thread_pool_does_not_stop_a_loop_from_being_disposed_or_used()
    {
        Exception? error = Patience.OnOwnThread(() =>
        {
            using var loop = new SinkLoop();
            ScriptedSink sink = loop.InvokeAsync(static () => new ScriptedSink()).GetAwaiter().GetResult();
            sink.Log("x");
            sink.FlushAsync().AsTask().GetAwaiter().GetResult();
            sink.DisposeAsync().AsTask().GetAwaiter().GetResult();
            Assert.Equal(SinkState.Stopped, sink.State);
        });
        Assert.Null(error);
    }

    [Fact]
    public void P1_A_saturated_thread_pool_does_not_prolong_a_stop_over_its_budget()
    {
        Exception? error = Patience.OnOwnThread(() =>
        {
            using var loop = new SinkLoop();
            ScriptedSink sink = loop.InvokeAsync(static () => new ScriptedSink { Dispatching = static async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, token) }).GetAwaiter().GetResult();
            Assert.True(sink.Start().Wait().Success);
            sink.Log("never delivered");
            Assert.IsType<StopBudgetSpentException>(sink.Stop(TimeSpan.FromMilliseconds(50)).Wait().Error);
        });
        Assert.Null(error);
    }

    [Fact]
    public void R4_A_saturated_thread_pool_does_not_stop_a_registry()
    {
        Exception? error = Patience.OnOwnThread(() =>
        {
            using var registry = new SinkRegistry();
            registry.Configure<DescribedSink, DescribedConfig>("a", new DescribedConfig("x")).Log("1");
            Assert.True(registry.Close("a"));
            registry.Configure<DescribedSink, DescribedConfig>("a", new DescribedConfig("x")).Log("2");
            registry.DisposeAsync().AsTask().GetAwaiter().GetResult();
        });
        Assert.Null(error);
    }

    [Fact]
    public void O3_A_saturated_thread_pool_does_not_delay_observers()
    {
        Exception? error = Patience.OnOwnThread(() =>
        {
            ManagedSink<ScriptedSink> managed = HostedSink.Create();
            var transitions = new CollectingObserver<SinkLifecycleEvent>();
            var dispatches = new CollectingObserver<SinkDispatchEvent<string>>();
            managed.Sink.Lifecycle.Subscribe(transitions);
            managed.Sink.Dispatches.Subscribe(dispatches);
            managed.Sink.Log("x");
            managed.Terminate();
            Patience.Until(() => transitions.Items.Length == 3 && dispatches.Items.Length == 1, "The observers are told");
        });
        Assert.Null(error);
    }
}
