using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

public sealed class RefusedOperationTests
{
    private static readonly SinkState[] _startable = [SinkState.Virgin, SinkState.Stopped];
    private static readonly SinkState[] _stoppable = [SinkState.Running];

    [Fact]
    public void L4_Start_while_running_changes_nothing_and_names_the_states()
    {
        using var hosted = Hosted.Running(() => new ScriptedSink());
        IsRefused(hosted.Sink, SinkOperation.Start, SinkState.Running);
        Assert.Equal(1, hosted.Sink.StartingRuns);
        Assert.Null(hosted.Sink.LastError);
        hosted.Sink.Log("still works");
        Assert.True(hosted.Sink.FlushAsync().Result().AllDelivered);
    }

    [Fact]
    public void L4_Start_while_stopping_changes_nothing()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink { Stopped = hook.PassAsync });
        SinkWaitHandle stop = hosted.Sink.Stop();
        hook.UntilReached();
        IsRefused(hosted.Sink, SinkOperation.Start, SinkState.Stopping);
        hook.Open();
        stop.Succeeds();
        Assert.Equal(SinkState.Stopped, hosted.Sink.State);
        Assert.Equal(1, hosted.Sink.StartingRuns);
    }

    [Fact]
    public void L4_Start_after_a_failure_changes_nothing()
    {
        using Hosted<ScriptedSink> hosted = Hosted.Failed();
        SinkException? before = hosted.Sink.LastError;
        IsRefused(hosted.Sink, SinkOperation.Start, SinkState.Failure);
        Assert.Same(before, hosted.Sink.LastError);
        Assert.Equal((1, 1), (hosted.Sink.StartingRuns, hosted.Sink.StoppedRuns));
    }

    [Fact]
    public void L4_Start_after_a_cancellation_changes_nothing()
    {
        using Hosted<ScriptedSink> hosted = Hosted.Cancelled();
        IsRefused(hosted.Sink, SinkOperation.Start, SinkState.Cancelled);
        Assert.Equal((1, 1), (hosted.Sink.StartingRuns, hosted.Sink.StoppedRuns));
    }

    [Fact]
    public void L4_Many_threads_that_start_a_running_sink_are_all_refused_and_none_joins()
    {
        using var hosted = Hosted.Running(() => new ScriptedSink());
        SinkWaitHandle[] handles = Together.Ask(8, _ => hosted.Sink.Start());
        Assert.All(handles, static handle => Assert.Equal(SinkState.Running, handle.Error<InvalidSinkStateException>().State));
        Assert.Equal(SinkState.Running, hosted.Sink.State);
    }

    [Fact]
    public void L8_Stop_of_a_virgin_sink_changes_nothing()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        IsRefused(hosted.Sink, SinkOperation.Stop, SinkState.Virgin);
        Assert.Equal(0, hosted.Sink.StoppedRuns);
        hosted.Sink.Start().Succeeds();
    }

    [Fact]
    public void L8_Stop_while_starting_changes_nothing()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        SinkWaitHandle start = hosted.Sink.Start();
        hook.UntilReached();
        IsRefused(hosted.Sink, SinkOperation.Stop, SinkState.Starting);
        hook.Open();
        start.Succeeds();
        Assert.Equal(SinkState.Running, hosted.Sink.State);
    }

    [Fact]
    public void L8_Stop_of_a_stopped_sink_changes_nothing_and_runs_no_hook_again()
    {
        using var hosted = Hosted.Stopped(() => new ScriptedSink());
        IsRefused(hosted.Sink, SinkOperation.Stop, SinkState.Stopped);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L8_Stop_after_a_failure_changes_nothing()
    {
        using Hosted<ScriptedSink> hosted = Hosted.Failed();
        IsRefused(hosted.Sink, SinkOperation.Stop, SinkState.Failure);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L8_Stop_after_a_cancellation_changes_nothing()
    {
        using Hosted<ScriptedSink> hosted = Hosted.Cancelled();
        IsRefused(hosted.Sink, SinkOperation.Stop, SinkState.Cancelled);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
    }

    private static void IsRefused(ScriptedSink sink, SinkOperation operation, SinkState state)
    {
        SinkWaitHandle handle = operation == SinkOperation.Start ? sink.Start() : sink.Stop();
        Assert.True(handle.AsTask().IsCompleted, "a refusal needs no waiting");
        InvalidSinkStateException error = handle.Error<InvalidSinkStateException>();
        Assert.Equal(operation, handle.Result().Operation);
        Assert.Equal(SinkErrorReason.InvalidLogSinkState, error.Reason);
        Assert.Equal("INVALID_LOG_SINK_STATE", error.Code);
        Assert.Equal(state, error.State);
        Assert.Equal(operation == SinkOperation.Start ? _startable : _stoppable, error.ExpectedStates);
        Assert.Same(sink.LastError, error.InnerException);
        Assert.Equal(state, sink.State);
    }
}
