using Mvx.Sink.Integration.Support;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>The manual loop and the virtual clock: nothing happens unless told to.</summary>
public sealed class SchedulingTests
{
    [Fact]
    public void P2_A_sink_on_a_manual_loop_does_nothing_between_steps()
    {
        var loop = new ManualLoop();
        ScriptedSink sink = loop.Invoke(static () => new ScriptedSink());
        sink.Log("a");
        Assert.Equal(SinkState.Starting, sink.State);
        Assert.Equal(0, sink.StartingRuns);
        Assert.True(loop.RunUntil(() => sink.Delivered.Count == 1, TimeSpan.FromSeconds(10)));
        Task<SinkOperationResult> stop = sink.Stop().AsTask();
        Assert.Equal(SinkState.Stopping, sink.State);
        Assert.False(stop.IsCompleted);
        loop.RunUntilIdle();
        Assert.Equal(SinkState.Stopped, sink.State);
        Assert.Equal(Environment.CurrentManagedThreadId, Assert.Single(sink.Threads.Distinct()));
        Assert.Equal(0, loop.Pending);
        Assert.True(loop.Turns > 0);
    }

    // <manual>
    [Fact]
    public void An_event_logged_between_two_turns_of_a_start_is_delivered()
    {
        var loop = new ManualLoop();
        ScriptedSink sink = loop.Invoke(static () => new ScriptedSink());
        Task<SinkOperationResult> start = sink.Start().AsTask();
        Assert.Equal(SinkState.Starting, sink.State);
        sink.Log("early"); // no turn has been taken yet: nothing of the sink has run
        loop.RunUntilIdle();
        Assert.True(start.Result.Success);
        Assert.Equal(["early"], sink.Delivered);
    }
    // </manual>

    [Fact]
    public void A_virtual_clock_fires_its_timers_in_order()
    {
        var clock = new VirtualTimeProvider();
        var fired = new List<int>();
        using ITimer late = clock.CreateTimer(_ => fired.Add(2), null, TimeSpan.FromSeconds(2), Timeout.InfiniteTimeSpan);
        using ITimer early = clock.CreateTimer(_ => fired.Add(1), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1.2));
        clock.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Empty(fired);
        clock.Advance(TimeSpan.FromSeconds(1.5));
        Assert.Equal([1, 2, 1], fired);
        Assert.True(clock.AdvanceToNextTimer());
        Assert.Equal([1, 2, 1, 1], fired);
        early.Dispose();
        Assert.False(clock.AdvanceToNextTimer());
    }

    [Fact]
    public async Task A_delay_on_a_virtual_clock_takes_no_time()
    {
        var clock = new VirtualTimeProvider();
        Task delay = Task.Delay(TimeSpan.FromHours(1), clock);
        clock.Advance(TimeSpan.FromHours(1));
        await delay.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromHours(1), clock.GetUtcNow() - new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
    }
}
