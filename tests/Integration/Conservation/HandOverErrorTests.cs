using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Conservation;

[Collection(ProcessWideCollection.Name)]
public sealed class HandOverErrorTests
{
    [Fact]
    public void C2_A_sink_that_does_not_override_the_hand_over_has_its_loss_reported()
    {
        using var errors = new InternalErrors();
        using var hosted = Hosted.Virgin(() => new BareSink(starting: static () => throw new InvalidOperationException("no backend")));
        hosted.Sink.Log("a");
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        var reported = Assert.IsType<SinkException>(Assert.Single(errors.All));
        Assert.Equal(1, reported.Details["undelivered"]);
        Assert.Same(hosted.Sink.LastError, reported.InnerException);
        Assert.Equal(hosted.Sink.LastError!.Reason, reported.Reason);
    }

    [Theory]
    [InlineData("synchronously")]
    [InlineData("after an await")]
    public void C2_A_hand_over_that_throws_is_reported_and_clean_up_goes_on(string way)
    {
        using var errors = new InternalErrors();
        var thrown = new InvalidOperationException("disk full as well");
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = async (_, token) =>
            {
                await dispatch.PassAsync(token);
                throw new InvalidOperationException("broken");
            },
            Undelivered = (_, _) => Throwing.Task(way, thrown),
        });
        hosted.Sink.Log("fails");
        hosted.Sink.Log("left");
        dispatch.Open();
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.Same(thrown, Assert.Single(errors.All));
        Assert.Equal(1, hosted.Sink.StoppedRuns);
        Assert.Equal((1, 0), (hosted.Sink.Ledger.Undelivered, hosted.Sink.Ledger.Pending));
    }
}
