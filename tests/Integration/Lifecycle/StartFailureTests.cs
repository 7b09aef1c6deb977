using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

public sealed class StartFailureTests
{
    public static TheoryData<string> Ways => ["synchronously", "after an await", "after ConfigureAwait(false)", "from an IValueTaskSource"];

    [Theory]
    [MemberData(nameof(Ways))]
    public void L5_A_starting_hook_that_throws_makes_the_start_fail_with_it_inside(string way)
    {
        var thrown = new InvalidOperationException("no backend");
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = _ => Throwing.Task(way, thrown) });
        var error = hosted.Sink.Start().Error<OnStartingHookFailedException>();
        Assert.Equal(SinkErrorReason.OnStartingHookFailed, error.Reason);
        Assert.Same(thrown, error.InnerException);
        Assert.Same(error, hosted.Sink.LastError);
        Assert.Equal(SinkState.Failure, hosted.Sink.State);
        Assert.Equal(0, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L5_A_hook_of_a_subclass_that_is_not_async_and_throws_at_once_makes_the_start_fail()
    {
        var thrown = new InvalidOperationException("no backend");
        using var hosted = Hosted.Virgin(() => new BareSink(starting: () => throw thrown));
        Assert.Same(thrown, hosted.Sink.Start().Error<OnStartingHookFailedException>().InnerException);
    }

    [Fact]
    public void L5_A_SinkException_from_the_starting_hook_is_wrapped_all_the_same()
    {
        var thrown = new SinkException(SinkErrorReason.UnexpectedError, "of the backend");
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = _ => throw thrown });
        Assert.Same(thrown, hosted.Sink.Start().Error<OnStartingHookFailedException>().InnerException);
    }

    [Fact]
    public void L5_Even_another_sinks_OnStartingHookFailedException_is_wrapped_once_more()
    {
        var thrown = new OnStartingHookFailedException(new InvalidOperationException("of another sink"));
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = _ => throw thrown });
        var error = hosted.Sink.Start().Error<OnStartingHookFailedException>();
        Assert.NotSame(thrown, error);
        Assert.Same(thrown, error.InnerException);
    }

    [Fact]
    public void L5_A_cancellation_that_leaves_the_starting_hook_is_a_failure_and_not_Cancelled()
    {
        var thrown = new OperationCanceledException();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = _ => throw thrown });
        Assert.Same(thrown, hosted.Sink.Start().Error<OnStartingHookFailedException>().InnerException);
        Assert.Equal(SinkState.Failure, hosted.Sink.State);
    }

    [Fact]
    public void L5_Events_buffered_before_the_failure_are_undelivered_and_none_is_dispatched()
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
        SinkWaitHandle start = hosted.Sink.Start();
        foreach (string item in new[] { "a", "b", "c" })
            hosted.Sink.Log(item);
        hook.Open();
        var error = start.Error<OnStartingHookFailedException>();

        // The handle completes after the hand-over, so no waiting is needed here.
        Assert.Equal(["a", "b", "c"], hosted.Sink.HandedOver);
        Assert.Same(error, hosted.Sink.HandOverCause);
        Assert.Empty(hosted.Sink.Delivered);
        Assert.Equal(3, hosted.Sink.Ledger.Undelivered);
        Assert.Equal(0, hosted.Sink.Ledger.Pending);
        Assert.Equal(0, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L5_A_lazy_start_that_fails_hands_its_first_event_over()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = _ => throw new InvalidOperationException("no backend") });
        hosted.Sink.Log("first");
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.Equal(["first"], hosted.Sink.HandedOver);
        Assert.IsType<OnStartingHookFailedException>(hosted.Sink.LastError);
    }

    [Fact]
    public void L5_A_restart_can_fail_too_and_the_stopped_hook_does_not_run_again()
    {
        using var hosted = Hosted.Stopped(() => new ScriptedSink());
        hosted.Sink.Starting = _ => throw new InvalidOperationException("gone meanwhile");
        hosted.Sink.Start().Error<OnStartingHookFailedException>();
        Assert.Equal(SinkState.Failure, hosted.Sink.State);
        Assert.Equal((2, 1), (hosted.Sink.StartingRuns, hosted.Sink.StoppedRuns));
    }
}
