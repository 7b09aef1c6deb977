using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

[Collection(ProcessWideCollection.Name)]
public sealed class CleanUpErrorTests
{
    [Theory]
    [InlineData(false, "synchronously")]
    [InlineData(false, "after an await")]
    [InlineData(true, "synchronously")]
    [InlineData(true, "after ConfigureAwait(false)")]
    public void L12_L13_What_clean_up_throws_is_reported_and_changes_nothing(bool cancelled, string way)
    {
        using var errors = new InternalErrors();
        var thrown = new InvalidOperationException("cannot close either");
        Exception cause = cancelled ? new OperationCanceledException() : new InvalidOperationException("broken");
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = (_, _) => throw cause,
            Stopped = _ => Throwing.Task(way, thrown),
        });
        hosted.Sink.Log("fails");
        SinkState state = cancelled ? SinkState.Cancelled : SinkState.Failure;
        hosted.Sink.UntilState(state);
        hosted.Sink.UntilAtRest();
        Assert.Same(thrown, Assert.Single(errors.All));
        Assert.Equal(state, hosted.Sink.State);
        Assert.Same(cause, hosted.Sink.LastError!.InnerException);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L14_A_stopped_hook_that_throws_after_a_failed_dispatch_is_reported_and_the_stop_has_the_first_error()
    {
        using var errors = new InternalErrors();
        var dispatch = new Checkpoint();
        var cause = new InvalidOperationException("broken");
        var thrown = new InvalidOperationException("cannot close either");
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = async (_, token) =>
            {
                await dispatch.PassAsync(token);
                throw cause;
            },
            Stopped = _ => throw thrown,
        });
        hosted.Sink.Log("fails");
        dispatch.UntilReached();
        SinkWaitHandle stop = hosted.Sink.Stop();
        dispatch.Open();
        Assert.Same(cause, stop.Result().Error!.InnerException);
        Assert.Same(thrown, Assert.Single(errors.All));
        Assert.Equal(SinkState.Failure, hosted.Sink.State);
    }

    [Fact]
    public void L12_An_internal_error_hook_that_throws_harms_nothing()
    {
        using var errors = new InternalErrors();
        SinkDiagnostics.InternalError = static _ => throw new InvalidOperationException("the hook itself");
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = static (_, _) => throw new InvalidOperationException("broken"),
            Stopped = static _ => throw new InvalidOperationException("cannot close either"),
        });
        hosted.Sink.Log("fails");
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.Equal("broken", hosted.Sink.LastError!.InnerException!.Message);
    }

    [Fact]
    public void L12_Nothing_is_reported_when_clean_up_succeeds()
    {
        using var errors = new InternalErrors();
        using Hosted<ScriptedSink> hosted = Hosted.Failed();
        Assert.Empty(errors.All);
    }
}
