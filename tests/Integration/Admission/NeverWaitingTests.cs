using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Admission;

/// <summary>A call that waited for what the test holds back would never return: that the test gets past it is the proof.</summary>
public sealed class NeverWaitingTests
{
    [Fact]
    public void A8_Log_does_not_wait_for_start_up()
    {
        var busy = new Checkpoint();
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink { Starting = hook.PassAsync });
        hosted.Loop.InvokeAsync(() => { busy.PassBlocking(); return 0; });
        busy.UntilReached();
        hosted.Sink.Log("first, while the loop is busy");
        Assert.Equal(SinkState.Starting, hosted.Sink.State);
        Assert.False(hook.IsReached);
        busy.Open();
        hook.UntilReached();
        hosted.Sink.Log("second, while the hook runs");
        Assert.Equal(2, hosted.Sink.Ledger.Pending);
        hook.Open();
        Assert.Equal(2, hosted.Sink.FlushAsync().Result().Delivered);
    }

    [Fact]
    public void A8_Log_does_not_wait_for_delivery_even_when_the_dispatch_blocks_its_thread()
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new BareSink(dispatching: _ => dispatch.PassBlocking()));
        hosted.Sink.Log("blocks");
        dispatch.UntilReached();
        for (int i = 0; i < 5_000; i++)
            hosted.Sink.Log("behind it");
        Assert.Equal(5_001, hosted.Sink.Ledger.Pending);
        dispatch.Open();
        Assert.Equal(5_001, hosted.Sink.FlushAsync().Result().Delivered);
    }

    [Fact]
    public void A8_Log_and_delivery_do_not_wait_for_an_observer()
    {
        var observer = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink());
        using IDisposable subscription = hosted.Sink.Dispatches.Subscribe(_ => observer.PassBlocking());
        hosted.Sink.Log("seen by a slow observer");
        observer.UntilReached();
        for (int i = 0; i < 5_000; i++)
            hosted.Sink.Log("more");
        Assert.Equal(5_001, hosted.Sink.FlushAsync().Result().Delivered);
        hosted.Sink.Stop().Succeeds();
        Assert.Equal(LogOutcome.InvalidState, hosted.Sink.TryLog("a refusal is told to it as well"));
        observer.Open();
    }

    [Fact]
    public void A8_A_first_event_does_not_wait_for_a_lifecycle_observer()
    {
        var observer = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        using IDisposable subscription = hosted.Sink.Lifecycle.Subscribe(change =>
        {
            if (!change.IsReplay)
                observer.PassBlocking();
        });
        hosted.Sink.Log("starts the sink");
        observer.UntilReached();
        Assert.Equal(1, hosted.Sink.FlushAsync().Result().Delivered);
        hosted.Sink.Stop().Succeeds();
        observer.Open();
    }

    [Fact]
    public void A8_A_refusal_does_not_wait_either()
    {
        var cleanUp = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = static (_, _) => throw new InvalidOperationException("broken"),
            Stopped = _ =>
            {
                cleanUp.PassBlocking();
                return ValueTask.CompletedTask;
            },
        });
        hosted.Sink.Log("fails");
        cleanUp.UntilReached();
        Assert.Throws<InvalidSinkStateException>(() => hosted.Sink.Log("refused"));
        cleanUp.Open();
    }
}
