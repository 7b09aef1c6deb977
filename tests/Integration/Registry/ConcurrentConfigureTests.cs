using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Registry;

public sealed class ConcurrentConfigureTests
{
    [Fact]
    public void R6_Sixteen_threads_that_configure_one_name_create_one_sink()
    {
        for (int round = 0; round < 5; round++)
        {
            using var registry = new SinkRegistry();
            var config = new DescribedConfig("x") { Starting = static async _ => await Task.Yield() };
            var sinks = new DescribedSink[16];
            Patience.Together(16, i => sinks[i] = registry.Configure<DescribedSink, DescribedConfig>("app", config));
            Assert.Equal(1, config.Constructed);
            Assert.Single(sinks.Distinct());
            Assert.Equal(SinkState.Running, sinks[0].State);
        }
    }

    [Fact]
    public void R6_While_one_name_is_created_another_can_be()
    {
        using var registry = new SinkRegistry();
        var gate = new GatedHook();
        Task slow = Task.Factory.StartNew(
            () => registry.Configure<DescribedSink, DescribedConfig>("slow", new DescribedConfig("x") { Starting = gate.Obedient }),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        gate.WaitUntilEntered();
        Assert.Empty(registry.Names);
        Assert.False(registry.TryGet("slow", out DescribedSink? _));
        Assert.Null(Patience.OnOwnThread(() => registry.Configure<DescribedSink, DescribedConfig>("quick", new DescribedConfig("x"))));
        Assert.Equal(["quick"], registry.Names);
        gate.Open();
        Patience.Finish(slow, "The slow sink is created");
        Assert.Equal(["quick", "slow"], registry.Names);
    }

    [Fact]
    public void R6_Those_who_waited_for_a_creation_that_failed_try_in_turn()
    {
        using var registry = new SinkRegistry();
        int attempts = 0;
        var config = new DescribedConfig("x")
        {
            Starting = _ => Interlocked.Increment(ref attempts) < 8 ? throw new IOException("not yet") : ValueTask.CompletedTask,
        };
        int failed = 0;
        Patience.Together(16, _ =>
        {
            if (Record.Exception(() => registry.Configure<DescribedSink, DescribedConfig>("app", config)) is SinkCreationException)
                Interlocked.Increment(ref failed);
        });
        Assert.Equal((7, 8), (failed, attempts));
        Assert.Equal(["app"], registry.Names);
    }

    [Fact]
    public void R6_Configure_and_close_of_one_name_on_many_threads_never_leave_two_sinks()
    {
        using var registry = new SinkRegistry();
        int alive = 0, most = 0;
        var config = new DescribedConfig("x")
        {
            Starting = _ =>
            {
                int now = Interlocked.Increment(ref alive);
                InterlockedMax(ref most, now);
                return ValueTask.CompletedTask;
            },
            Stopped = _ =>
            {
                Interlocked.Decrement(ref alive);
                return ValueTask.CompletedTask;
            },
        };
        Patience.Together(8, i =>
        {
            for (int n = 0; n < 20; n++)
            {
                if (i % 2 == 0)
                    Assert.NotNull(registry.Configure<DescribedSink, DescribedConfig>("app", config));
                else
                    registry.Close("app");
            }
        });
        registry.Reset();
        Assert.Equal((1, 0), (most, alive));
        Assert.Empty(registry.Names);
    }

    [Fact]
    public void R6_Configure_during_dispose_never_leaves_a_running_sink_behind()
    {
        for (int round = 0; round < 40; round++)
        {
            var registry = new SinkRegistry();
            var sinks = new DescribedSink?[6];
            Patience.Together(7, i =>
            {
                if (i == 6)
                {
                    registry.Dispose();
                    return;
                }

                Exception? error = Record.Exception(() => sinks[i] = registry.Configure<DescribedSink, DescribedConfig>($"n{i % 3}", new DescribedConfig("x")));
                Assert.True(error is null or ObjectDisposedException, error?.ToString());
            });
            Assert.All(sinks, static sink => Assert.True(sink is null || (sink.State == SinkState.Stopped && !sink.Thread.IsAlive)));
            Assert.Empty(registry.Names);
            Assert.Throws<ObjectDisposedException>(() => registry.Configure<DescribedSink, DescribedConfig>("late", new DescribedConfig("x")));
        }
    }

    [Fact]
    public void R6_A_configure_that_found_its_place_before_dispose_and_creates_after_it_is_refused()
    {
        // The first holds the name's place while it is created; the second waits behind it, and dispose comes in between.
        var registry = new SinkRegistry();
        var gate = new GatedHook();
        int attempts = 0;
        var config = new DescribedConfig("x") { Starting = token => Interlocked.Increment(ref attempts) == 1 ? gate.Obedient(token) : ValueTask.CompletedTask };
        Exception?[] errors = new Exception?[2];
        Thread[] configuring = [.. Enumerable.Range(0, 2).Select(i => new Thread(() => errors[i] = Record.Exception(() => registry.Configure<DescribedSink, DescribedConfig>("app", config))) { IsBackground = true })];
        configuring[0].Start();
        gate.WaitUntilEntered();
        configuring[1].Start();
        Patience.Until(() => (configuring[1].ThreadState & ThreadState.WaitSleepJoin) != 0, "The second waits");
        var disposing = new Thread(registry.Dispose) { IsBackground = true };
        disposing.Start();
        Patience.Until(() => (disposing.ThreadState & ThreadState.WaitSleepJoin) != 0, "Dispose waits");
        gate.Fail(new IOException("no disk"));
        Array.ForEach(configuring, Patience.Ended);
        Patience.Ended(disposing);
        Assert.IsType<SinkCreationException>(errors[0]);
        Assert.IsType<ObjectDisposedException>(errors[1]);
        Assert.Equal(1, attempts);
    }

    private static void InterlockedMax(ref int place, int value)
    {
        int seen = Volatile.Read(ref place);
        while (seen < value)
            seen = Interlocked.CompareExchange(ref place, value, seen) is var before && before == seen ? value : before;
    }
}
