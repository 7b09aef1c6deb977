using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

public sealed class TerminalTests
{
    [Theory]
    [InlineData(SinkState.Failure)]
    [InlineData(SinkState.Cancelled)]
    public void L11_A_terminal_state_is_sticky_whatever_is_tried(SinkState state)
    {
        using Hosted<ScriptedSink> hosted = state == SinkState.Failure ? Hosted.Failed() : Hosted.Cancelled();
        SinkException error = hosted.Sink.LastError!;
        SinkLedger before = hosted.Sink.Ledger;
        Together.Run(4, _ =>
        {
            for (int i = 0; i < 50; i++)
            {
                Assert.Equal(state, hosted.Sink.Start().Error<InvalidSinkStateException>().State);
                Assert.Equal(state, hosted.Sink.Stop().Error<InvalidSinkStateException>().State);
                Assert.Equal(LogOutcome.InvalidState, hosted.Sink.TryLog("no"));
                Assert.Equal(state, hosted.Sink.State);
            }
        });
        Assert.Same(error, hosted.Sink.LastError);
        Assert.Equal((1, 1), (hosted.Sink.StartingRuns, hosted.Sink.StoppedRuns));
        Assert.Equal((before.Accepted, before.Rejected + 200), (hosted.Sink.Ledger.Accepted, hosted.Sink.Ledger.Rejected));
    }

    [Fact]
    public void L11_Closing_a_failed_sink_leaves_it_failed()
    {
        Hosted<ScriptedSink> hosted = Hosted.Failed();
        SinkException error = hosted.Sink.LastError!;
        hosted.Dispose();
        Assert.Equal(SinkState.Failure, hosted.Sink.State);
        Assert.Same(error, hosted.Sink.LastError);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L11_Disposing_the_loop_of_a_sink_that_failed_to_start_leaves_it_failed()
    {
        var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = _ => throw new InvalidOperationException("no backend") });
        hosted.Sink.Start().Error<OnStartingHookFailedException>();
        hosted.Dispose();
        Assert.Equal(SinkState.Failure, hosted.Sink.State);
        Assert.Equal(0, hosted.Sink.StoppedRuns);
    }
}
