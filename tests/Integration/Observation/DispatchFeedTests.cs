using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Observation;

public sealed class DispatchFeedTests
{
    [Fact]
    public void O2_Delivered_is_told_with_the_very_same_object_in_order()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = "audit" });
        var watch = new CollectingObserver<SinkDispatchEvent<string>>();
        managed.Sink.Dispatches.Subscribe(watch);
        Assert.Empty(watch.Items);
        string[] items = [.. Enumerable.Range(0, 100).Select(static i => $"{i}")];
        Array.ForEach(items, managed.Sink.Log);
        SinkDispatchEvent<string>[] seen = watch.WaitFor(100);
        for (int i = 0; i < 100; i++)
        {
            Assert.Same(items[i], seen[i].Item);
            Assert.Equal((SinkDispatchKind.Delivered, null, "audit", 0L), (seen[i].Kind, seen[i].Error, seen[i].SinkName, seen[i].Missed));
        }

        Assert.False(watch.BrokeTheContract);
    }

    [Fact]
    public void O2_Failed_and_Undelivered_are_told_with_the_error_that_ended_the_sink()
    {
        var gate = new GatedHook();
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(s => s.Dispatching = (item, token) => item == "bad" ? gate.Obedient(token) : ValueTask.CompletedTask);
        var watch = new CollectingObserver<SinkDispatchEvent<string>>();
        managed.Sink.Dispatches.Subscribe(watch);
        string[] items = ["good", "bad", "rest 1", "rest 2"];
        Array.ForEach(items, managed.Sink.Log);
        gate.WaitUntilEntered();
        gate.Fail(new IOException("gone"));
        SinkDispatchEvent<string>[] seen = watch.WaitFor(4);
        Assert.Equal([SinkDispatchKind.Delivered, SinkDispatchKind.Failed, SinkDispatchKind.Undelivered, SinkDispatchKind.Undelivered], seen.Select(static e => e.Kind));
        Assert.All(items.Zip(seen), static pair => Assert.Same(pair.First, pair.Second.Item));
        Assert.All(seen[1..], e => Assert.Same(managed.Sink.LastError, e.Error));
        Assert.Equal("gone", seen[1].Error!.InnerException!.Message);
    }

    [Theory]
    [InlineData(QueueOverflowPolicy.Drop, SinkDispatchKind.Dropped)]
    [InlineData(QueueOverflowPolicy.RaiseError, SinkDispatchKind.Rejected)]
    public void O2_Dropped_and_Rejected_are_told_for_Log_and_TryLog(QueueOverflowPolicy policy, SinkDispatchKind kind)
    {
        var gate = new GatedHook();
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(s => s.Dispatching = (_, token) => gate.Obedient(token), new SinkOptions { QueueMaxSize = 1, OverflowPolicy = policy });
        managed.Sink.Log("in");
        gate.WaitUntilEntered();
        var watch = new CollectingObserver<SinkDispatchEvent<string>>();
        managed.Sink.Dispatches.Subscribe(watch);
        string logged = new('a', 1), tried = new('b', 1);
        Exception? thrown = Record.Exception(() => managed.Sink.Log(logged));
        managed.Sink.TryLog(tried);
        SinkDispatchEvent<string>[] seen = watch.WaitFor(2);
        Assert.Equal([kind, kind], seen.Select(static e => e.Kind));
        Assert.Same(logged, seen[0].Item);
        Assert.Same(tried, seen[1].Item);
        Assert.Same(thrown, seen[0].Error);
        Assert.Equal(policy == QueueOverflowPolicy.RaiseError, seen[1].Error is QueueOverflowException);
        gate.Open();
    }

    [Theory]
    [InlineData(QueueOverflowPolicy.Drop)]
    [InlineData(QueueOverflowPolicy.RaiseError)]
    public void O2_Whoever_subscribes_to_a_sink_that_refuses_already_is_told_of_every_refusal_from_then_on(QueueOverflowPolicy policy)
    {
        const int rounds = 200;
        var gate = new GatedHook();
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(s => s.Dispatching = (_, token) => gate.Obedient(token), new SinkOptions { QueueMaxSize = 1, OverflowPolicy = policy });
        ScriptedSink sink = managed.Sink;
        sink.Log("in");
        gate.WaitUntilEntered();
        bool done = false;
        var producer = new Thread(() =>
        {
            while (!Volatile.Read(ref done))
                sink.TryLog("other");
        });
        producer.Start();
        for (int round = 0; round < rounds; round++)
        {
            var watch = new CollectingObserver<SinkDispatchEvent<string>>();
            using (sink.Dispatches.Subscribe(watch))
            {
                long before = sink.Ledger.Offered;
                Patience.Until(() => sink.Ledger.Offered > before + 3, "More is refused");
                long refused = sink.Ledger.Offered - before;
                Patience.Until(() => watch.Items.Sum(static e => 1 + e.Missed) >= refused, $"The observer is told of {refused} refusals");
            }

            // Nobody watches now, so refusals go the quick way again until the next round.
            long quick = sink.Ledger.Offered;
            Patience.Until(() => sink.Ledger.Offered > quick + 3, "More is refused");
        }

        Volatile.Write(ref done, true);
        producer.Join();
        gate.Open();
    }

    [Fact]
    public void O2_A_refusal_by_state_is_told_as_Rejected()
    {
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop);
        Patience.Finish(sink.Start());
        Patience.Finish(sink.Stop());
        var watch = new CollectingObserver<SinkDispatchEvent<string>>();
        sink.Dispatches.Subscribe(watch);
        Assert.Equal(LogOutcome.InvalidState, sink.TryLog("late"));
        SinkDispatchEvent<string> seen = watch.WaitFor(1)[0];
        Assert.Equal((SinkDispatchKind.Rejected, "late"), (seen.Kind, seen.Item));
        Assert.Equal(SinkState.Stopped, Assert.IsType<InvalidSinkStateException>(seen.Error).State);
    }

    [Fact]
    public void O2_All_five_kinds_add_up_to_the_ledger()
    {
        var gate = new GatedHook();
        var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, new SinkOptions { QueueMaxSize = 3, OverflowPolicy = QueueOverflowPolicy.Drop }, s =>
            s.Dispatching = (item, token) => item == "bad" ? gate.Obedient(token) : ValueTask.CompletedTask);
        var watch = new CollectingObserver<SinkDispatchEvent<string>>();
        sink.Dispatches.Subscribe(watch);
        sink.Log("good");
        Patience.Finish(sink.FlushAsync().AsTask(), "The first is delivered");
        sink.Log("bad");
        gate.WaitUntilEntered();
        sink.Log("rest");
        sink.Log("rest");
        sink.Log("too many");
        gate.Fail(new IOException("gone"));
        Patience.Until(() => sink.State == SinkState.Failure, "The sink fails");
        sink.TryLog("late");
        loop.Dispose();
        SinkDispatchEvent<string>[] seen = watch.WaitForCompletion();
        SinkLedger ledger = sink.Ledger;
        Assert.Equal(
            [ledger.Delivered, ledger.Failed, ledger.Dropped, ledger.Rejected, ledger.Undelivered],
            Enum.GetValues<SinkDispatchKind>().Select(kind => (long)seen.Count(e => e.Kind == kind)));
        Assert.Equal([1L, 1, 1, 1, 2], Enum.GetValues<SinkDispatchKind>().Select(kind => (long)seen.Count(e => e.Kind == kind)));
        Assert.Equal(Enumerable.Range(0, 5), Enum.GetValues<SinkDispatchKind>().Select(static kind => (int)kind));
    }

    [Fact]
    public void O2_The_dispatches_complete_after_termination()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        var watch = new CollectingObserver<SinkDispatchEvent<string>>();
        managed.Sink.Dispatches.Subscribe(watch);
        managed.Sink.Log("x");
        managed.Terminate();
        Assert.Single(watch.WaitForCompletion());
        var late = new CollectingObserver<SinkDispatchEvent<string>>();
        managed.Sink.Dispatches.Subscribe(late);
        Assert.Empty(late.WaitForCompletion());
        managed.Sink.TryLog("late");
        Assert.False(watch.BrokeTheContract || late.BrokeTheContract);
    }

    [Fact]
    public void O2_After_unsubscribing_nothing_more_is_told()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        var gone = new CollectingObserver<SinkDispatchEvent<string>>();
        var stays = new CollectingObserver<SinkDispatchEvent<string>>();
        IDisposable subscription = managed.Sink.Dispatches.Subscribe(gone);
        managed.Sink.Dispatches.Subscribe(stays);
        managed.Sink.Log("1");
        gone.WaitFor(1);
        subscription.Dispose();
        subscription.Dispose();
        managed.Sink.Log("2");
        managed.Terminate();
        stays.WaitForCompletion();
        Assert.Single(gone.Items);
        Assert.False(gone.Completed.IsCompleted);
    }
}
