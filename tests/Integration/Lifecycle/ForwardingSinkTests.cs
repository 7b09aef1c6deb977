using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

/// <summary>A backend that is itself a sink throws our own exceptions at us; they must not be taken for answers of this sink.</summary>
public sealed class ForwardingSinkTests
{
    [Fact]
    public void L12_A_refusal_of_the_sink_behind_is_the_last_error_and_not_this_sinks_own()
    {
        using var behind = Hosted.Stopped(() => new ScriptedSink());
        using var hosted = Hosted.Running(() => new BareSink(dispatching: behind.Sink.Log));
        hosted.Sink.Log("forwarded");
        hosted.Sink.UntilState(SinkState.Failure);
        var error = Assert.IsType<InvalidSinkStateException>(hosted.Sink.LastError);
        Assert.Equal(SinkState.Stopped, error.State);
        Assert.Equal(SinkState.Failure, hosted.Sink.Start().Error<InvalidSinkStateException>().State);
    }

    [Fact]
    public void L14_T4_Terminate_throws_a_stop_error_that_is_a_refusal_of_the_sink_behind()
    {
        using var behind = Hosted.Stopped(() => new ScriptedSink());
        var dispatch = new Checkpoint();
        ManagedSink<ScriptedSink> managed = SinkRuntime.Create(() => new ScriptedSink
        {
            Dispatching = async (item, token) =>
            {
                await dispatch.PassAsync(token);
                behind.Sink.Log(item);
            },
        });
        managed.Sink.Log("forwarded");
        dispatch.UntilReached();
        Task opening = Task.Factory.StartNew(
            () =>
            {
                // It is Terminate that begins the stop, so it waits for this one.
                managed.Sink.UntilState(SinkState.Stopping);
                dispatch.Open();
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        SinkException thrown = Assert.ThrowsAny<SinkException>(managed.Terminate);
        Assert.True(opening.Wait(Bounded.Time));
        Assert.Same(managed.Sink.LastError, thrown);
        Assert.Equal(SinkState.Stopped, Assert.IsType<InvalidSinkStateException>(thrown).State);
    }
}
