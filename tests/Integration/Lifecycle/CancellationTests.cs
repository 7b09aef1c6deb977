using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

public sealed class CancellationTests
{
    [Theory]
    [MemberData(nameof(DispatchFailureTests.Ways), MemberType = typeof(DispatchFailureTests))]
    public void L13_A_cancellation_that_leaves_a_dispatch_makes_the_sink_Cancelled(string way)
    {
        foreach (OperationCanceledException thrown in new[] { new OperationCanceledException("gone"), new TaskCanceledException("gone") })
        {
            using var hosted = Hosted.Running(() => new TypedSink<string> { Dispatching = (_, _) => Throwing.Task(way, thrown) });
            hosted.Sink.Log("cancelled");
            hosted.Sink.UntilState(SinkState.Cancelled);
            hosted.Sink.UntilAtRest();
            var error = Assert.IsType<DispatcherCancelledException>(hosted.Sink.LastError);
            Assert.Equal(SinkErrorReason.DispatcherUnexpectedlyCancelled, error.Reason);
            Assert.Same(thrown, error.InnerException);
            Assert.Equal(1, hosted.Sink.Ledger.Failed);
        }
    }

    [Theory]
    [MemberData(nameof(DispatchFailureTests.Ways), MemberType = typeof(DispatchFailureTests))]
    public void L13_A_cancellation_that_wraps_a_timeout_is_a_failure(string way)
    {
        // What an HTTP client throws when its timeout passes.
        var thrown = new TaskCanceledException("the request timed out", new TimeoutException("100 s", new TaskCanceledException()));
        using var hosted = Hosted.Running(() => new TypedSink<string> { Dispatching = (_, _) => Throwing.Task(way, thrown) });
        hosted.Sink.Log("timed out");
        hosted.Sink.UntilState(SinkState.Failure);
        Assert.Same(thrown, Assert.IsType<UnexpectedSinkException>(hosted.Sink.LastError).InnerException);
    }

    [Fact]
    public void L13_A_cancellation_that_wraps_anything_else_is_a_cancellation()
    {
        var thrown = new OperationCanceledException("gone", new InvalidOperationException("why"));
        using var hosted = Hosted.Running(() => new BareSink(dispatching: _ => throw thrown));
        hosted.Sink.Log("cancelled");
        hosted.Sink.UntilState(SinkState.Cancelled);
    }

    [Fact]
    public void L13_A_timeout_on_its_own_is_a_failure()
    {
        using var hosted = Hosted.Running(() => new BareSink(dispatching: static _ => throw new TimeoutException()));
        hosted.Sink.Log("timed out");
        hosted.Sink.UntilState(SinkState.Failure);
    }

    [Fact]
    public void L13_A_cancelled_sink_cleans_up_once_and_hands_the_rest_over()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = async (_, token) =>
            {
                await dispatch.PassAsync(token);
                throw new OperationCanceledException();
            },
        });
        foreach (string item in new[] { "cancelled", "left 1", "left 2" })
            hosted.Sink.Log(item);
        dispatch.Open();
        hosted.Sink.UntilState(SinkState.Cancelled);
        hosted.Sink.UntilAtRest();
        Assert.Equal(1, hosted.Sink.StoppedRuns);
        Assert.Equal(["left 1", "left 2"], hosted.Sink.HandedOver);
        Assert.Same(hosted.Sink.LastError, hosted.Sink.HandOverCause);
    }

    [Fact]
    public void L13_A_loop_that_goes_away_under_a_running_sink_cancels_it_with_the_same_clean_up()
    {
        var hosted = Hosted.Running(() => new ScriptedSink());
        hosted.Sink.Log("delivered");
        hosted.Sink.FlushAsync().Result();
        hosted.Dispose();
        Assert.Equal(SinkState.Cancelled, hosted.Sink.State);
        Assert.Equal(SinkErrorReason.DispatcherUnexpectedlyCancelled, Assert.IsType<DispatcherCancelledException>(hosted.Sink.LastError).Reason);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
        Assert.Equal(0, hosted.Sink.Ledger.Pending);
    }

    [Fact]
    public void L13_A_loop_that_goes_away_fires_the_token_of_the_dispatch_and_hands_the_rest_over()
    {
        var dispatch = new Checkpoint();
        var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, token) => dispatch.PassAsync(token) });
        hosted.Sink.Log("in dispatch");
        hosted.Sink.Log("left");
        dispatch.UntilReached();
        hosted.Dispose(); // nobody opens the checkpoint: only the token ends the dispatch
        Assert.Equal(SinkState.Cancelled, hosted.Sink.State);
        Assert.IsType<DispatcherCancelledException>(hosted.Sink.LastError);
        Assert.Equal(["left"], hosted.Sink.HandedOver);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
        SinkLedger ledger = hosted.Sink.Ledger;
        Assert.Equal((2, 1, 1, 0), (ledger.Accepted, ledger.Failed, ledger.Undelivered, ledger.Pending));
    }
}
