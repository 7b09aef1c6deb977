using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Overflow;

public sealed class AnnounceLossTests
{
    private static SinkOptions Options(int limit, QueueOverflowPolicy policy, int batch = 1) =>
        new() { QueueMaxSize = limit, OverflowPolicy = policy, AnnounceLoss = true, MaxBatchSize = batch };

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A14_Under_Drop_the_backend_is_told_after_the_last_event_before_the_gap(int batch)
    {
        using var held = new HeldSink(Options(3, QueueOverflowPolicy.Drop, batch));
        for (int i = 1; i <= 6; i++)
            held.Sink.Log(HeldSink.Named($"{i}"));
        Assert.Equal(["held", "1", "2", "4 events lost"], held.ReleaseAndFlush());
        held.Sink.Log(HeldSink.Named("7"));
        Patience.Finish(held.Sink.FlushAsync().AsTask(), "the flush");
        Assert.Equal(["held", "1", "2", "4 events lost", "7"], held.Sink.Names);
        Assert.Equal((8, 4, 4, 4, 0), (held.Sink.Ledger.Offered, held.Sink.Ledger.Accepted, held.Sink.Ledger.Dropped, held.Sink.Ledger.Delivered, held.Sink.Ledger.Pending));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public void A14_Under_DropOldest_the_backend_is_told_before_the_first_event_after_the_gap(int batch)
    {
        using var held = new HeldSink(Options(3, QueueOverflowPolicy.DropOldest, batch));
        for (int i = 1; i <= 6; i++)
            held.Sink.Log(HeldSink.Named($"{i}"));
        Assert.Equal(["held", "4 events lost", "5", "6"], held.ReleaseAndFlush());
    }

    [Fact]
    public void A14_The_event_is_a_warning_that_carries_the_number()
    {
        using var held = new HeldSink(Options(1, QueueOverflowPolicy.Drop));
        held.Sink.Log(HeldSink.Named("1"));
        held.ReleaseAndFlush();
        Patience.Finish(held.Sink.Stop());
        LogEvent told = held.Sink.Seen.Last();
        Assert.Equal((LogEventLevel.Warning, AsyncLogSink.LossEventName, "1 event lost"), (told.Level, told.Name, told.Message));
        Assert.Equal(1L, told.Payload["lost"]);
    }

    [Fact]
    public void A14_A_stop_tells_of_the_last_gap_before_it_ends()
    {
        using var held = new HeldSink(Options(1, QueueOverflowPolicy.Drop));
        held.Sink.Log(HeldSink.Named("1"));
        SinkWaitHandle stop = held.Sink.Stop();
        held.Dispatch.Open();
        Assert.True(Patience.Finish(stop).Success);
        Assert.Equal(["held", "1 event lost"], held.Sink.Names);
    }

    [Theory]
    [InlineData(QueueOverflowPolicy.RaiseError)]
    [InlineData(QueueOverflowPolicy.Wait)]
    public void A14_What_the_caller_was_told_of_is_not_told_again(QueueOverflowPolicy policy)
    {
        using var held = new HeldSink(Options(1, policy) with { WaitTimeout = TimeSpan.Zero });
        Assert.Throws<QueueOverflowException>(() => held.Sink.Log(HeldSink.Named("1")));
        Assert.Equal(["held"], held.ReleaseAndFlush());
    }

    [Fact]
    public void A14_By_default_nothing_is_announced()
    {
        using var held = new HeldSink(new SinkOptions { QueueMaxSize = 1, OverflowPolicy = QueueOverflowPolicy.Drop });
        held.Sink.Log(HeldSink.Named("1"));
        Assert.Equal(["held"], held.ReleaseAndFlush());
    }

    [Fact]
    public void A14_An_announcement_whose_dispatch_throws_fails_the_sink_and_no_event()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new NamedSink(Options(1, QueueOverflowPolicy.Drop), dispatch) { RefusesLosses = true });
        hosted.Sink.Log(HeldSink.Named("held"));
        dispatch.UntilReached();
        hosted.Sink.Log(HeldSink.Named("1"));
        dispatch.Open();
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.Equal((1, 0, 0, 1, 0), (hosted.Sink.Ledger.Delivered, hosted.Sink.Ledger.Failed, hosted.Sink.Ledger.Undelivered, hosted.Sink.Ledger.Dropped, hosted.Sink.Ledger.Pending));
    }

    [Fact]
    public void A14_Losses_add_up_whatever_threads_log()
    {
        foreach (QueueOverflowPolicy policy in new[] { QueueOverflowPolicy.Drop, QueueOverflowPolicy.DropOldest })
        {
            using var hosted = Hosted.Running(() => new NamedSink(Options(8, policy), OpenCheckpoint()));
            Patience.Together(4, producer =>
            {
                for (int i = 0; i < 2_000; i++)
                    hosted.Sink.Log(HeldSink.Named($"{producer}.{i}"));
            });
            Assert.True(Patience.Finish(hosted.Sink.Stop()).Success);
            long told = hosted.Sink.Seen.Where(static item => item.Name == AsyncLogSink.LossEventName).Sum(static item => (long)item.Payload["lost"]!);
            Assert.Equal(hosted.Sink.Ledger.Dropped, told);
            Assert.Equal(8_000, told + hosted.Sink.Ledger.Delivered);
        }
    }

    [Fact]
    public void A14_A_sink_that_does_not_say_with_what_event_is_refused()
    {
        var error = Assert.Throws<SinkCreationException>(static () => SinkRuntime.Create(static () => new ScriptedSink(new SinkOptions { AnnounceLoss = true })));
        Assert.Contains("TryCreateLossEvent", Assert.IsType<ArgumentException>(error.InnerException).Message, StringComparison.Ordinal);
    }

    private static Checkpoint OpenCheckpoint()
    {
        var checkpoint = new Checkpoint();
        checkpoint.Open();
        return checkpoint;
    }
}
