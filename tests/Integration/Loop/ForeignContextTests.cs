using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

public sealed class ForeignContextTests
{
    [Fact]
    public void P2_A_context_that_serialises_its_callbacks_serves()
    {
        using var context = new SingleThreadContext();
        ScriptedSink sink = context.Run(static () => new ScriptedSink
        {
            Starting = async _ => await Task.Yield(),
            Dispatching = async (_, token) => await Task.Run(static () => { }, token),
            Stopped = async _ => await Task.Yield(),
        });
        Assert.Equal(SinkState.Virgin, sink.State);
        for (int i = 0; i < 100; i++)
            sink.Log($"{i}");
        Patience.Finish(sink.FlushAsync().AsTask(), "The sink flushes");
        Assert.True(Patience.Finish(sink.Stop()).Success);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), sink.Delivered);
        Assert.All(sink.Threads, id => Assert.Equal(context.ThreadId, id));
        Assert.True(Patience.Finish(sink.Start()).Success);
        Assert.True(Patience.Finish(sink.Stop()).Success);
        Assert.Equal(2, sink.StartingRuns);
    }

    [Fact]
    public void P2_A_sink_on_a_foreign_context_can_be_disposed_and_then_refuses()
    {
        using var context = new SingleThreadContext();
        ScriptedSink sink = context.Run(static () => new ScriptedSink());
        sink.Log("a");
        Patience.Finish(sink.DisposeAsync().AsTask(), "The sink is disposed");
        Assert.Equal(SinkState.Stopped, sink.State);
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, Patience.Finish(sink.Start()).Error!.Reason);
        Assert.Equal(1, context.Run(static () => 1));
    }

    [Fact]
    public void P2_Many_sinks_share_a_foreign_context()
    {
        using var context = new SingleThreadContext();
        ScriptedSink[] sinks = context.Run(static () => Enumerable.Range(0, 100).Select(static _ => new ScriptedSink()).ToArray());
        Patience.Together(4, _ => Array.ForEach(sinks, static sink => sink.Log("x")));
        Array.ForEach(sinks, static sink => Patience.Finish(sink.FlushAsync().AsTask(), "A sink flushes"));
        Assert.All(sinks, static sink => Assert.Equal(4, sink.Delivered.Count));
        Assert.All(sinks, sink => Assert.All(sink.Threads, id => Assert.Equal(context.ThreadId, id)));
    }

    [Fact]
    public void P2_Waiting_on_the_foreign_thread_is_refused_at_once()
    {
        using var context = new SingleThreadContext();
        Exception? error = context.Run(static () =>
        {
            var sink = new ScriptedSink();
            return Record.Exception(() => sink.Start().Wait());
        });
        Assert.IsType<InvalidOperationException>(error);
    }

    [Fact]
    public void P2_Inside_a_hook_on_a_foreign_context_new_sinks_join_the_same_loop()
    {
        using var context = new SingleThreadContext();
        ScriptedSink? second = null;
        ScriptedSink first = context.Run(() => new ScriptedSink
        {
            Starting = async _ =>
            {
                await Task.Yield();
                second = new ScriptedSink();
            },
        });
        Assert.True(Patience.Finish(first.Start()).Success);
        second!.Log("x");
        Patience.Finish(second.FlushAsync().AsTask(), "The second sink flushes");
        Assert.All(second.Threads, id => Assert.Equal(context.ThreadId, id));
    }

    [Fact]
    public void P2_A_foreign_context_that_runs_callbacks_side_by_side_still_runs_one_turn_at_a_time()
    {
        var context = new SideBySideContext();
        ScriptedSink? sink = null;
        int inside = 0, most = 0;
        Assert.Null(Patience.OnOwnThread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            sink = new ScriptedSink
            {
                Dispatching = async (_, _) =>
                {
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    Interlocked.Decrement(ref inside);
                    await Task.Yield();
                },
            };
        }));
        Patience.Together(4, _ =>
        {
            for (int i = 0; i < 500; i++)
                sink!.Log("x");
        });
        Assert.Equal(2000, Patience.Finish(sink!.FlushAsync().AsTask(), "The sink flushes").Delivered);
        Assert.Equal(1, most);
        Assert.True(Patience.Finish(sink.Stop()).Success);
    }

    [Fact]
    public void P2_A_foreign_context_that_is_shut_down_cancels_the_sink_and_hands_its_events_over()
    {
        var context = new SingleThreadContext();
        var gate = new GatedHook();
        ScriptedSink sink = context.Run(() => new ScriptedSink { Dispatching = (_, token) => gate.Deaf(token) });
        sink.Log("a");
        gate.WaitUntilEntered();
        sink.Log("b");
        LetTurnsEnd(context);
        context.Dispose();
        SinkWaitHandle stop = sink.Stop();
        Assert.Equal(SinkErrorReason.DispatcherUnexpectedlyCancelled, Patience.Finish(stop).Error!.Reason);
        Assert.Equal(["a", "b"], sink.HandedOver);
        Assert.Equal(0, sink.Ledger.Pending);
        gate.Open();
    }

    [Fact]
    public void P2_An_event_that_finds_the_foreign_context_shut_down_is_handed_over()
    {
        var context = new SingleThreadContext();
        ScriptedSink sink = context.Run(static () => new ScriptedSink());
        Assert.True(Patience.Finish(sink.Start()).Success);
        var watch = new CollectingObserver<SinkLifecycleEvent>();
        sink.Lifecycle.Subscribe(watch);
        LetTurnsEnd(context);
        context.Dispose();
        sink.Log("too late");
        Patience.Until(() => sink.State == SinkState.Cancelled, "The sink is cancelled");
        Assert.IsType<DispatcherCancelledException>(sink.LastError);
        Patience.Until(() => sink.HandedOver.Count == 1, "The event is handed over");
        Assert.Equal(SinkState.Cancelled, watch.WaitForCompletion()[^1].To);
    }

    /// <summary>A turn that did something posts one more, to look whether there is more; none must find the context closed.</summary>
    private static void LetTurnsEnd(SingleThreadContext context)
    {
        for (int i = 0; i < 3; i++)
            context.Run(static () => 0);
    }

    /// <summary>Callbacks go to the thread pool, in no order.</summary>
    private sealed class SideBySideContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => ThreadPool.QueueUserWorkItem(_ => d(state));
    }
}
