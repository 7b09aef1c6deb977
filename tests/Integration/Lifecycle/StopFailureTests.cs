using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

public sealed class StopFailureTests
{
    [Theory]
    [MemberData(nameof(StartFailureTests.Ways), MemberType = typeof(StartFailureTests))]
    public void L9_A_stopped_hook_that_throws_makes_the_stop_fail_with_it_inside(string way)
    {
        var thrown = new InvalidOperationException("cannot close");
        using var hosted = Hosted.Running(() => new ScriptedSink { Stopped = _ => Throwing.Task(way, thrown) });
        hosted.Sink.Log("delivered before");
        var error = hosted.Sink.Stop().Error<OnStoppedHookFailedException>();
        Assert.Equal(SinkErrorReason.OnStoppedHookFailed, error.Reason);
        Assert.Same(thrown, error.InnerException);
        Assert.Same(error, hosted.Sink.LastError);
        Assert.Equal(SinkState.Failure, hosted.Sink.State);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
        Assert.Equal(["delivered before"], hosted.Sink.Delivered);
        Assert.Empty(hosted.Sink.HandedOver);
    }

    [Fact]
    public void L9_A_SinkException_or_a_cancellation_from_the_stopped_hook_is_wrapped_all_the_same()
    {
        foreach (Exception thrown in new Exception[] { new SinkException(SinkErrorReason.UnexpectedError, "of the backend"), new OperationCanceledException() })
        {
            using var hosted = Hosted.Running(() => new ScriptedSink { Stopped = _ => throw thrown });
            Assert.Same(thrown, hosted.Sink.Stop().Error<OnStoppedHookFailedException>().InnerException);
            Assert.Equal(SinkState.Failure, hosted.Sink.State);
        }
    }

    [Fact]
    public void L9_A_hook_of_a_subclass_that_is_not_async_and_throws_at_once_makes_the_stop_fail()
    {
        var thrown = new InvalidOperationException("cannot close");
        using var hosted = Hosted.Running(() => new BareSink(stopped: () => throw thrown));
        Assert.Same(thrown, hosted.Sink.Stop().Error<OnStoppedHookFailedException>().InnerException);
    }

    [Theory]
    [MemberData(nameof(DispatchFailureTests.Ways), MemberType = typeof(DispatchFailureTests))]
    public void L14_A_dispatch_that_fails_while_stopping_fails_the_stop_and_the_rest_is_undelivered(string way)
    {
        var thrown = new InvalidOperationException("broken");
        using StoppingScene scene = new(way, thrown);
        var error = scene.Stop.Error<UnexpectedSinkException>();
        Assert.Same(thrown, error.InnerException);
        scene.IsFailedWith(error);
    }

    [Fact]
    public void L14_A_SinkException_thrown_while_stopping_is_itself_the_error_of_the_stop()
    {
        var thrown = new SinkException(SinkErrorReason.UnexpectedError, "of the backend");
        using StoppingScene scene = new("after an await", thrown);
        Assert.Same(thrown, scene.Stop.Result().Error);
        scene.IsFailedWith(thrown);
    }

    [Fact]
    public void L14_A_cancellation_that_leaves_a_dispatch_while_stopping_fails_the_stop_too()
    {
        var thrown = new OperationCanceledException("backend gave up");
        using StoppingScene scene = new("after an await", thrown);
        SinkException error = scene.Stop.Result().Error!;
        Assert.Same(thrown, error.InnerException);
        scene.IsFailedWith(error);
    }

    [Fact]
    public void L14_All_who_joined_the_stop_get_the_same_error()
    {
        using StoppingScene scene = new("after an await", new InvalidOperationException("broken"));
        SinkException first = scene.Stop.Result().Error!;
        Assert.Same(first, scene.Joined.Result().Error);
        Assert.Same(first, scene.Sink.LastError);
    }

    [Fact]
    public void L14_The_stop_completes_only_after_the_stopped_hook()
    {
        var hook = new Checkpoint();
        using StoppingScene scene = new("after an await", new InvalidOperationException("broken"), hook.PassAsync);
        hook.UntilReached();
        Assert.Equal(SinkState.Stopping, scene.Sink.State);
        Assert.False(scene.Stop.Wait(TimeSpan.Zero, out _));
        Assert.Equal(["rest 1", "rest 2"], scene.Sink.HandedOver);
        hook.Open();
        Assert.False(scene.Stop.Result().Success);
        Assert.Equal(SinkState.Failure, scene.Sink.State);
    }

    /// <summary>A sink with one event in dispatch and two behind it is told to stop; then the dispatch throws.</summary>
    private sealed class StoppingScene : IDisposable
    {
        private readonly Hosted<ScriptedSink> _hosted;

        public StoppingScene(string way, Exception thrown, Func<CancellationToken, ValueTask>? stoppedHook = null)
        {
            var dispatch = new Checkpoint();
            _hosted = Hosted.Running(() => new ScriptedSink
            {
                Dispatching = async (_, token) =>
                {
                    await dispatch.PassAsync(token);
                    await Throwing.Task(way, thrown);
                },
            });
            if (stoppedHook is not null)
                Sink.Stopped = stoppedHook;
            foreach (string item in new[] { "fails", "rest 1", "rest 2" })
                Sink.Log(item);
            dispatch.UntilReached();
            Stop = Sink.Stop();
            Joined = Sink.Stop();
            dispatch.Open();
        }

        public ScriptedSink Sink => _hosted.Sink;

        public SinkWaitHandle Stop { get; }

        public SinkWaitHandle Joined { get; }

        public void IsFailedWith(SinkException error)
        {
            Assert.Equal(SinkState.Failure, Sink.State);
            Assert.Same(error, Sink.LastError);
            Assert.Equal(1, Sink.StoppedRuns);
            Assert.Empty(Sink.Delivered);
            Assert.Equal(["rest 1", "rest 2"], Sink.HandedOver);
            Assert.Same(error, Sink.HandOverCause);
            SinkLedger ledger = Sink.Ledger;
            Assert.Equal((3, 0, 1, 2, 0), (ledger.Accepted, ledger.Delivered, ledger.Failed, ledger.Undelivered, ledger.Pending));
        }

        public void Dispose() => _hosted.Dispose();
    }
}
