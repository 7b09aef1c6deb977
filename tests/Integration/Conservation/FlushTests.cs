using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Conservation;

public sealed class FlushTests
{
    [Fact]
    public void C3_Flush_completes_when_the_events_before_it_are_finished_although_producers_go_on()
    {
        using var hosted = Hosted.Running(() => new TypedSink<int>());
        using var enough = new CancellationTokenSource();
        long[] progress = new long[4];
        var producers = new Thread(() => Together.Run(3, index =>
        {
            while (!enough.IsCancellationRequested)
                progress[index] += hosted.Sink.TryLog(index) == LogOutcome.Accepted ? 1 : 0;
        }));
        producers.Start();
        try
        {
            for (int i = 0; i < 50; i++)
            {
                long accepted = hosted.Sink.Ledger.Accepted;
                FlushReport report = hosted.Sink.FlushAsync().Result();
                Assert.True(report.AllDelivered);
                Assert.InRange(report.Delivered, accepted, hosted.Sink.Ledger.Delivered);
            }
        }
        finally
        {
            enough.Cancel();
            Assert.True(producers.Join(Bounded.Time));
        }
    }

    [Fact]
    public void C3_An_event_accepted_after_the_call_is_not_waited_for()
    {
        var second = new Checkpoint();
        var first = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = (item, token) => item == "before" ? first.PassAsync(token) : second.PassAsync(token),
        });
        hosted.Sink.Log("before");
        ValueTask<FlushReport> flush = hosted.Sink.FlushAsync();
        hosted.Sink.Log("after");
        Assert.False(flush.IsCompleted);
        first.Open();
        Assert.Equal(new FlushReport(1, 0, 0), flush.Result());
        second.UntilReached();
        Assert.Equal(1, hosted.Sink.Ledger.Pending);
        second.Open();
    }

    [Fact]
    public void C3_Flush_waits_for_the_dispatch_to_finish_and_not_just_for_the_event_to_be_taken()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, token) => dispatch.PassAsync(token) });
        hosted.Sink.Log("x");
        dispatch.UntilReached();
        ValueTask<FlushReport> flush = hosted.Sink.FlushAsync();
        hosted.Loop.InvokeAsync(() => 0).Wait(Bounded.Time);
        hosted.Loop.InvokeAsync(() => 0).Wait(Bounded.Time);
        Assert.False(flush.IsCompleted);
        dispatch.Open();
        Assert.Equal(1, flush.Result().Delivered);
        Assert.Equal(["x"], hosted.Sink.Delivered);
    }

    [Fact]
    public void C3_Flush_of_an_idle_sink_is_complete_at_once_in_every_state()
    {
        using var virgin = Hosted.Virgin(() => new ScriptedSink());
        using var running = Hosted.Running(() => new ScriptedSink());
        using var stopped = Hosted.Stopped(() => new ScriptedSink());
        foreach (ScriptedSink sink in new[] { virgin.Sink, running.Sink, stopped.Sink })
        {
            Task<FlushReport> flush = sink.FlushAsync().AsTask();
            Assert.True(flush.IsCompletedSuccessfully);
            Assert.Equal(new FlushReport(0, 0, 0), flush.Result);
        }

        using Hosted<ScriptedSink> failed = Hosted.Failed();
        using Hosted<ScriptedSink> cancelled = Hosted.Cancelled();
        foreach (ScriptedSink sink in new[] { failed.Sink, cancelled.Sink })
        {
            FlushReport report = sink.FlushAsync().Result();
            Assert.Equal(new FlushReport(0, 1, 0), report);
            Assert.False(report.AllDelivered);
        }
    }

    [Fact]
    public void C3_Flush_while_starting_waits_for_the_start_and_the_delivery()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        hosted.Sink.Log("x");
        ValueTask<FlushReport> flush = hosted.Sink.FlushAsync();
        hook.UntilReached();
        Assert.False(flush.IsCompleted);
        hook.Open();
        Assert.Equal(new FlushReport(1, 0, 0), flush.Result());
    }

    [Fact]
    public void C3_Flush_while_starting_reports_undelivered_when_the_start_fails()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink
        {
            Starting = async token =>
            {
                await hook.PassAsync(token);
                throw new InvalidOperationException("no backend");
            },
        });
        hosted.Sink.Log("a");
        hosted.Sink.Log("b");
        ValueTask<FlushReport> flush = hosted.Sink.FlushAsync();
        hook.Open();
        Assert.Equal(new FlushReport(0, 0, 2), flush.Result());
    }

    [Fact]
    public void C3_Flush_while_stopping_waits_for_the_drain()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, token) => dispatch.PassAsync(token) });
        hosted.Sink.Log("a");
        hosted.Sink.Log("b");
        SinkWaitHandle stop = hosted.Sink.Stop();
        ValueTask<FlushReport> flush = hosted.Sink.FlushAsync();
        Assert.False(flush.IsCompleted);
        dispatch.Open();
        Assert.Equal(new FlushReport(2, 0, 0), flush.Result());
        stop.Succeeds();
    }

    [Fact]
    public void C3_The_report_after_a_failure_tells_how_many_were_delivered_failed_and_undelivered()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink
        {
            Starting = hook.PassAsync,
            Dispatching = static (item, _) => item == "fails" ? throw new InvalidOperationException("broken") : ValueTask.CompletedTask,
        });
        ScriptedSink sink = hosted.Sink;
        Task<FlushReport>[] flushes =
        [
            .. new[] { "a", "b", "fails", "c", "d", "e" }.Select(item =>
            {
                sink.Log(item);
                return sink.FlushAsync().AsTask();
            }),
        ];
        hook.Open();

        // Each flush tells of the events before its own call only.
        FlushReport[] reports = Task.WhenAll(flushes).WaitAsync(Bounded.Time).Result;
        FlushReport[] expected = [new(1, 0, 0), new(2, 0, 0), new(2, 1, 0), new(2, 1, 1), new(2, 1, 2), new(2, 1, 3)];
        Assert.Equal(expected, reports);
        Assert.Equal([true, true, false, false, false, false], reports.Select(static report => report.AllDelivered));
        Assert.Equal(new FlushReport(2, 1, 3), sink.FlushAsync().Result());
    }

    [Fact]
    public void C3_A_cancelled_flush_gives_up_waiting_and_the_events_are_delivered_all_the_same()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, token) => dispatch.PassAsync(token) });
        hosted.Sink.Log("x");
        using var cancellation = new CancellationTokenSource();
        Task<FlushReport> flush = hosted.Sink.FlushAsync(cancellation.Token).AsTask();
        Task<FlushReport> other = hosted.Sink.FlushAsync().AsTask();
        cancellation.Cancel();
        var thrown = Assert.ThrowsAny<OperationCanceledException>(() => flush.WaitAsync(Bounded.Time).GetAwaiter().GetResult());
        Assert.Equal(cancellation.Token, thrown.CancellationToken);
        Assert.True(flush.IsCanceled);
        Assert.False(other.IsCompleted);
        dispatch.Open();
        Assert.Equal(1, other.WaitAsync(Bounded.Time).Result.Delivered);
        Assert.Equal(SinkState.Running, hosted.Sink.State);
    }

    [Fact]
    public void C3_A_token_that_has_fired_already_cancels_the_flush_at_once()
    {
        using var hosted = Hosted.Running(() => new ScriptedSink());
        Assert.True(hosted.Sink.FlushAsync(new CancellationToken(canceled: true)).AsTask().IsCanceled);
    }

    [Fact]
    public void C3_A_flush_with_a_token_that_never_fires_reports_like_one_without()
    {
        using var cancellation = new CancellationTokenSource();
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, token) => dispatch.PassAsync(token) });
        hosted.Sink.Log("x");
        ValueTask<FlushReport> flush = hosted.Sink.FlushAsync(cancellation.Token);
        dispatch.Open();
        Assert.Equal(new FlushReport(1, 0, 0), flush.Result());
    }

    [Fact]
    public void C3_Flushes_from_many_threads_in_a_row_all_complete()
    {
        using var hosted = Hosted.Running(() => new TypedSink<int>());
        Together.Run(6, index =>
        {
            for (int i = 1; i <= 300; i++)
            {
                hosted.Sink.Log(index);
                Assert.True(hosted.Sink.FlushAsync().Result().Delivered >= i);
            }
        });
        Assert.Equal(1_800, hosted.Sink.Seen.Count);
    }
}
