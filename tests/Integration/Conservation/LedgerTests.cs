using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Conservation;

public sealed class LedgerTests
{
    [Fact]
    public void C1_A_new_sinks_ledger_is_all_zero()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        Is(hosted.Sink, accepted: 0);
    }

    [Fact]
    public void C1_Every_outcome_is_counted_where_it_belongs()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink(new SinkOptions { QueueMaxSize = 4, OverflowPolicy = QueueOverflowPolicy.Drop })
        {
            Starting = hook.PassAsync,
            Dispatching = static (item, _) => item == "fails" ? throw new InvalidOperationException("broken") : ValueTask.CompletedTask,
        });
        foreach (string item in new[] { "a", "b", "fails", "left", "dropped 1", "dropped 2" })
            hosted.Sink.Log(item);
        Is(hosted.Sink, accepted: 4, dropped: 2, pending: 4);
        hook.Open();
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        hosted.Sink.TryLog("rejected");
        Is(hosted.Sink, accepted: 4, dropped: 2, rejected: 1, delivered: 2, failed: 1, undelivered: 1);
    }

    [Fact]
    public void C1_An_event_in_dispatch_is_pending_and_neither_delivered_nor_failed()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, token) => dispatch.PassAsync(token) });
        hosted.Sink.Log("x");
        dispatch.UntilReached();
        Is(hosted.Sink, accepted: 1, pending: 1);
        dispatch.Open();
        hosted.Sink.FlushAsync().Result();
        Is(hosted.Sink, accepted: 1, delivered: 1);
    }

    [Fact]
    public void C1_A_ledger_runs_over_the_whole_life_restarts_included()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        for (int round = 1; round <= 3; round++)
        {
            hosted.Sink.Start().Succeeds();
            hosted.Sink.Log("x");
            hosted.Sink.Stop().Succeeds();
            hosted.Sink.TryLog("refused");
            Is(hosted.Sink, accepted: round, rejected: round, delivered: round);
        }
    }

    [Fact]
    public void C1_At_rest_nothing_is_pending_however_the_sink_ended()
    {
        using var stopped = Hosted.Running(() => new ScriptedSink());
        stopped.Sink.Log("x");
        stopped.Sink.Stop().Succeeds();
        using Hosted<ScriptedSink> failed = Hosted.Failed();
        using Hosted<ScriptedSink> cancelled = Hosted.Cancelled();
        foreach (ScriptedSink sink in new[] { stopped.Sink, failed.Sink, cancelled.Sink })
        {
            Assert.Equal((1, 0), (sink.Ledger.Accepted, sink.Ledger.Pending));
            Assert.True(Invariants.LedgerHolds(sink.Ledger, 10_000), sink.Ledger.ToString());
        }
    }

    [Fact]
    public void C1_A_failure_is_never_seen_without_its_event_being_counted()
    {
        for (int round = 0; round < 100; round++)
        {
            using var hosted = Hosted.Running(() => new BareSink(dispatching: static _ => throw new InvalidOperationException("broken")));
            Together.Run(2, index =>
            {
                if (index == 0)
                {
                    hosted.Sink.Log("fails");
                    return;
                }

                SinkLedger ledger = default;
                while (hosted.Sink.State != SinkState.Failure)
                {
                    SinkLedger next = hosted.Sink.Ledger;
                    Assert.True(Invariants.LedgerHolds(next, 10_000) && Invariants.LedgerGrows(ledger, next), $"{ledger} then {next}");
                    Assert.Equal(0, next.Delivered);
                    ledger = next;
                }

                Assert.Equal(1, hosted.Sink.Ledger.Failed);
            });
        }
    }

    [Fact]
    public void C1_A_refusal_is_counted_before_the_caller_learns_of_it()
    {
        using var hosted = Hosted.Stopped(() => new ScriptedSink());
        Together.Run(4, _ =>
        {
            for (int i = 0; i < 1_000; i++)
            {
                long before = hosted.Sink.Ledger.Rejected;
                hosted.Sink.TryLog("x");
                Assert.True(hosted.Sink.Ledger.Rejected > before);
            }
        });
        Is(hosted.Sink, accepted: 0, rejected: 4_000);
    }

    private static void Is(
        ScriptedSink sink, long accepted, long dropped = 0, long rejected = 0, long delivered = 0, long failed = 0, long undelivered = 0, long pending = 0)
    {
        SinkLedger ledger = sink.Ledger;
        Assert.Equal(
            (accepted + dropped + rejected, accepted, dropped, rejected, delivered, failed, undelivered, pending),
            (ledger.Offered, ledger.Accepted, ledger.Dropped, ledger.Rejected, ledger.Delivered, ledger.Failed, ledger.Undelivered, ledger.Pending));
    }
}
