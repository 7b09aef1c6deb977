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
    public void L13_A_loop_found_to_be_gone_twice_over_is_gone_once_and_the_hand_over_is_waited_for()
    {
        // The stop's own post finds that the context takes nothing any more, and so does the loop that tells its sinks of it. Which comes first is chance.
        for (int round = 0; round < 50; round++)
        {
            var context = new SingleThreadContext();
            var gate = new GatedHook();
            var handOver = new TaskCompletionSource();
            ScriptedSink sink = context.Run(() => new ScriptedSink { Dispatching = (_, token) => gate.Deaf(token), Undelivered = (_, _) => new ValueTask(handOver.Task) });
            sink.Log("a");
            gate.WaitUntilEntered();
            LetTurnsEnd(context);
            context.Dispose();
            sink.Stop();
            Patience.Until(() => !sink.HandedOver.IsEmpty, "The event is handed over");
            Task rest = ((ILoopBound)sink).WhenAtRest();
            for (int look = 0; look < 200; look++)
            {
                Assert.False(rest.IsCompleted, "The sink is at rest although its hand-over is not over");
                Thread.Yield();
            }

            handOver.SetResult();
            Patience.Finish(rest, "The sink comes to rest");
            gate.Open();
        }
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

    [Fact]
    public void P2_A_foreign_context_whose_Post_throws_is_a_clear_error_with_what_it_threw()
    {
        ScriptedSink sink = On(new DroppingContext { Posting = static () => throw new NotSupportedException("no more callbacks") });
        SinkException error = Patience.Finish(sink.Start()).Error!;
        Assert.IsType<EventLoopUnavailableException>(error);
        Assert.Contains("DroppingContext, takes no more work: its Post threw NotSupportedException: no more callbacks", error.Message, StringComparison.Ordinal);
        Assert.IsType<NotSupportedException>(error.InnerException);
        Assert.Same(error, sink.LastError);
        Assert.Equal(SinkState.Cancelled, sink.State);
        Patience.Finish(sink.DisposeAsync().AsTask(), "The sink is disposed");
    }

    [Fact]
    public void P2_A_running_sink_whose_foreign_context_throws_says_what_it_threw()
    {
        var context = new SingleThreadContext();
        ScriptedSink sink = context.Run(static () => new ScriptedSink());
        Assert.True(Patience.Finish(sink.Start()).Success);
        LetTurnsEnd(context);
        context.Dispose();
        sink.Log("too late");
        Patience.Until(() => sink.State == SinkState.Cancelled, "The sink is cancelled");
        Assert.Contains("takes no more work", sink.LastError!.Message, StringComparison.Ordinal);
        Assert.IsType<EventLoopUnavailableException>(Assert.IsType<DispatcherCancelledException>(sink.LastError).InnerException);
    }

    [Fact]
    public void P2_Disposing_a_sink_whose_foreign_context_drops_its_callbacks_ends_its_start_with_a_clear_error()
    {
        ScriptedSink sink = On(new DroppingContext());
        SinkWaitHandle start = sink.Start();
        sink.Log("a");
        Assert.Equal(SinkState.Starting, sink.State);
        Assert.IsType<InvalidSinkStateException>(Patience.Finish(sink.Stop(TimeSpan.Zero)).Error);
        Patience.Finish(sink.DisposeAsync().AsTask(), "The sink is disposed");
        SinkException error = Patience.Finish(start).Error!;
        Assert.IsType<EventLoopUnavailableException>(error);
        Assert.Contains("DroppingContext, has not run", error.Message, StringComparison.Ordinal);
        Assert.Equal(SinkState.Cancelled, sink.State);
        Assert.Equal(["a"], sink.HandedOver);
        Assert.Equal(0, sink.Ledger.Pending);
        Assert.Equal(0, sink.StartingRuns);
    }

    [Fact]
    public void P2_Disposing_a_virgin_sink_whose_foreign_context_drops_its_callbacks_closes_it()
    {
        ScriptedSink sink = On(new DroppingContext());
        Patience.Finish(sink.DisposeAsync().AsTask(), "The sink is disposed");
        Patience.Until(() => sink.State == SinkState.Cancelled, "The sink is closed");
        Assert.IsType<EventLoopUnavailableException>(sink.LastError);
        Assert.Throws<InvalidSinkStateException>(() => sink.Log("x"));
    }

    [Fact]
    public void P2_A_stop_within_a_budget_ends_although_the_foreign_context_has_begun_to_drop_its_callbacks()
    {
        var context = new DroppingContext { Inner = new SingleThreadContext() };
        ScriptedSink sink = On(context);
        Assert.True(Patience.Finish(sink.Start()).Success);
        LetTurnsEnd(context.Inner);
        context.IsDropping = true;
        sink.Log("a");
        Assert.IsType<StopBudgetSpentException>(Patience.Finish(sink.Stop(TimeSpan.FromMilliseconds(50))).Error);
        Assert.Equal(["a"], sink.HandedOver);
        Assert.Equal(SinkState.Failure, sink.State);
        Patience.Finish(sink.DisposeAsync().AsTask(), "The sink is disposed");
        context.Inner.Dispose();
    }

    [Fact]
    public void P2_A_foreign_context_that_comes_back_to_a_turn_that_was_given_up_or_runs_one_twice_changes_nothing()
    {
        var context = new DroppingContext();
        ScriptedSink sink = On(context);
        SinkWaitHandle start = sink.Start();
        Patience.Finish(sink.DisposeAsync().AsTask(), "The sink is disposed");
        Assert.IsType<EventLoopUnavailableException>(Patience.Finish(start).Error);
        context.RunDropped();
        context.RunDropped();
        Assert.Equal(0, sink.StartingRuns);
        Assert.Equal(SinkState.Cancelled, sink.State);
    }

    private static ScriptedSink On(SynchronizationContext context)
    {
        ScriptedSink? sink = null;
        Assert.Null(Patience.OnOwnThread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            sink = new ScriptedSink(new SinkOptions { StopBudget = TimeSpan.FromMilliseconds(50) });
        }));
        return sink!;
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

    /// <summary>Callbacks go nowhere, at once or from some moment on, and may be found again.</summary>
    private sealed class DroppingContext : SynchronizationContext
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<Action> _dropped = new();

        public Action Posting { get; init; } = static () => { };

        public SingleThreadContext? Inner { get; init; }

        public bool IsDropping { get; set; }

        public override void Post(SendOrPostCallback d, object? state)
        {
            Posting();
            if (Inner is not null && !IsDropping)
                Inner.Post(d, state);
            else
                _dropped.Enqueue(() => d(state));
        }

        public void RunDropped()
        {
            foreach (Action callback in _dropped)
                callback();
        }
    }
}
