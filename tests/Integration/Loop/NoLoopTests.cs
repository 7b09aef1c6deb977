using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

public sealed class NoLoopTests
{
    [Fact]
    public void P2_Without_a_loop_construction_is_EventLoopUnavailable_and_says_what_to_do()
    {
        var error = Assert.IsType<EventLoopUnavailableException>(Patience.OnOwnThread(static () => _ = new ScriptedSink()));
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, error.Reason);
        Assert.Equal("EVENT_LOOP_UNAVAILABLE", error.Code);
        Assert.Contains(nameof(ScriptedSink), error.Message, StringComparison.Ordinal);
        Assert.Contains("SinkRuntime.Create", error.Message, StringComparison.Ordinal);
        Assert.Contains("SinkLoop.InvokeAsync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void P2_A_plain_context_is_no_loop()
    {
        var error = Assert.IsType<EventLoopUnavailableException>(Patience.OnOwnThread(static () =>
        {
            SynchronizationContext.SetSynchronizationContext(new SynchronizationContext());
            _ = new ScriptedSink();
        }));
        Assert.Contains("does not serialise", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void P2_The_test_frameworks_own_context_is_no_loop() =>
        Assert.Throws<EventLoopUnavailableException>(static () => new ScriptedSink());

    [Fact]
    public async Task P2_The_test_frameworks_own_context_is_no_loop_after_an_await()
    {
        Assert.Throws<EventLoopUnavailableException>(static () => new ScriptedSink());
        await Task.Yield();
        Assert.Throws<EventLoopUnavailableException>(static () => new ScriptedSink());
    }

    [Fact]
    public async Task P2_The_thread_pool_is_no_loop_even_when_a_loop_asks_it()
    {
        using var loop = new SinkLoop();
        Task<Exception> attempt = await loop.InvokeAsync(static () => Task.Run(static () => Record.Exception(static () => new ScriptedSink())));
        Assert.IsType<EventLoopUnavailableException>(await attempt);
    }

    [Fact]
    public void P2_A_loop_that_has_ended_is_no_loop()
    {
        var loop = new SinkLoop();
        SynchronizationContext context = Patience.Finish(loop.InvokeAsync(static () => SynchronizationContext.Current), "The loop tells its context")!;
        loop.Dispose();
        var error = Assert.IsType<EventLoopUnavailableException>(Patience.OnOwnThread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(context);
            _ = new ScriptedSink();
        }));
        Assert.Contains("ended", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void P2_After_an_await_on_the_loop_construction_still_finds_it()
    {
        using var loop = new SinkLoop();
        Task<ScriptedSink> made = Patience.Finish(
            loop.InvokeAsync(static async () =>
            {
                await Task.Run(static () => { });
                return new ScriptedSink();
            }),
            "The loop begins");
        ScriptedSink sink = Patience.Finish(made, "The sink is constructed");
        sink.Log("x");
        Patience.Finish(sink.FlushAsync().AsTask(), "The sink flushes");
        Assert.Equal(HostedSink.ThreadOf(loop).ManagedThreadId, sink.Threads.First());
    }
}
