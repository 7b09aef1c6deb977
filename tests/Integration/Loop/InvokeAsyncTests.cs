using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

public sealed class InvokeAsyncTests
{
    [Fact]
    public async Task P1_InvokeAsync_runs_on_the_loop_and_gives_the_result()
    {
        using var loop = new SinkLoop("mine");
        (int Thread, SinkLoop? Current, string? Name) seen = await loop.InvokeAsync(static () => (Environment.CurrentManagedThreadId, SinkLoop.Current, Thread.CurrentThread.Name));
        Assert.NotEqual(Environment.CurrentManagedThreadId, seen.Thread);
        Assert.Same(loop, seen.Current);
        Assert.Equal("mine", seen.Name);
        Assert.Null(SinkLoop.Current);
    }

    [Fact]
    public async Task P1_InvokeAsync_gives_what_the_action_threw_and_the_loop_lives_on()
    {
        using var loop = new SinkLoop();
        var thrown = new InvalidDataException("bad");
        Assert.Same(thrown, await Assert.ThrowsAsync<InvalidDataException>(() => loop.InvokeAsync<int>(() => throw thrown)));
        Assert.Equal(7, await loop.InvokeAsync(static () => 7));
    }

    [Fact]
    public async Task P1_InvokeAsync_on_the_loop_runs_at_once()
    {
        using var loop = new SinkLoop();
        bool completed = await loop.InvokeAsync(() => loop.InvokeAsync(static () => 1).IsCompletedSuccessfully);
        Assert.True(completed);
    }

    [Fact]
    public async Task P1_InvokeAsync_keeps_the_order_of_its_caller()
    {
        using var loop = new SinkLoop();
        var order = new List<int>();
        Task[] all = [.. Enumerable.Range(0, 1000).Select(i => loop.InvokeAsync(() => { order.Add(i); return i; }))];
        await Task.WhenAll(all).WaitAsync(Patience.Bound);
        Assert.Equal(Enumerable.Range(0, 1000), order);
    }

    [Fact]
    public async Task P1_InvokeAsync_from_many_threads_loses_nothing()
    {
        using var loop = new SinkLoop();
        int runs = 0;
        Patience.Together(8, worker =>
        {
            for (int i = 0; i < 1000; i++)
                _ = loop.InvokeAsync(() => ++runs);
        });
        Assert.Equal(8000, await loop.InvokeAsync(() => runs));
    }

    [Fact]
    public async Task P1_What_awaits_InvokeAsync_elsewhere_does_not_run_on_the_loop()
    {
        using var loop = new SinkLoop();
        int thread = HostedSink.ThreadOf(loop).ManagedThreadId;
        using var attached = new ManualResetEventSlim();
        Task<bool> action = loop.InvokeAsync(() => attached.Wait(Patience.Bound));
        Task<int> continuation = action.ContinueWith(
            static _ => Environment.CurrentManagedThreadId, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        attached.Set();
        int after = await continuation.WaitAsync(Patience.Bound);
        Assert.NotEqual(thread, after);
    }

    [Fact]
    public async Task P1_InvokeAsync_with_an_await_inside_stays_on_the_loop()
    {
        using var loop = new SinkLoop();
        Task<bool> inner = await loop.InvokeAsync(async () =>
        {
            int before = Environment.CurrentManagedThreadId;
            await Task.Yield();
            await Task.Run(static () => { });
            return before == Environment.CurrentManagedThreadId && SinkLoop.Current is not null;
        });
        Assert.True(await inner.WaitAsync(Patience.Bound));
    }

    [Fact]
    public async Task P2_InvokeAsync_after_dispose_is_EventLoopUnavailable()
    {
        var loop = new SinkLoop();
        loop.Dispose();
        bool ran = false;
        EventLoopUnavailableException error = await Assert.ThrowsAsync<EventLoopUnavailableException>(() => loop.InvokeAsync(() => ran = true));
        Assert.Equal(SinkErrorReason.EventLoopUnavailable, error.Reason);
        Assert.False(ran);
    }

    [Fact]
    public async Task P1_InvokeAsync_without_an_action_names_the_argument()
    {
        using var loop = new SinkLoop();
        Assert.Equal("action", (await Assert.ThrowsAsync<ArgumentNullException>(() => loop.InvokeAsync<int>(null!))).ParamName);
    }

    [Fact]
    public void P1_Every_action_queued_while_the_loop_is_disposed_runs_or_is_told()
    {
        for (int round = 0; round < 20; round++)
        {
            var loop = new SinkLoop();
            var tasks = new Task<int>[4][];
            Patience.Together(5, i =>
            {
                if (i == 4)
                    loop.Dispose();
                else
                    tasks[i] = [.. Enumerable.Range(0, 200).Select(n => loop.InvokeAsync(() => n))];
            });
            foreach (Task<int> task in tasks.SelectMany(static t => t))
            {
                Exception? error = Record.Exception(() => Patience.Finish(task, "The action runs or is told"));
                Assert.True(error is null or EventLoopUnavailableException, error?.ToString());
            }
        }
    }

    [Fact]
    public async Task P1_The_loop_context_sends_and_posts()
    {
        using var loop = new SinkLoop();
        SynchronizationContext context = (await loop.InvokeAsync(static () => SynchronizationContext.Current))!;
        int thread = HostedSink.ThreadOf(loop).ManagedThreadId;
        Assert.Same(context, context.CreateCopy());

        int sent = 0;
        context.Send(_ => sent = Environment.CurrentManagedThreadId, null);
        Assert.Equal(thread, sent);
        Assert.Throws<InvalidDataException>(() => context.Send(static _ => throw new InvalidDataException(), null));

        var posted = new TaskCompletionSource<int>();
        context.Post(_ => posted.SetResult(Environment.CurrentManagedThreadId), null);
        Assert.Equal(thread, Patience.Finish(posted.Task, "The posted callback runs"));

        int nested = await loop.InvokeAsync(() =>
        {
            int ran = 0;
            context.Send(_ => ran = Environment.CurrentManagedThreadId, null);
            return ran;
        });
        Assert.Equal(thread, nested);
        Assert.Throws<ArgumentNullException>(() => context.Post(null!, null));
        Assert.Throws<ArgumentNullException>(() => context.Send(null!, null));

        loop.Dispose();
        Assert.Throws<EventLoopUnavailableException>(() => context.Send(static _ => { }, null));
    }
}
