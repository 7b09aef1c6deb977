using System.Collections.Concurrent;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

public sealed class OneThreadTests
{
    [Fact]
    public void P1_Hooks_and_dispatch_run_on_the_loop_and_their_awaits_come_back()
    {
        using var loop = new SinkLoop();
        int thread = HostedSink.ThreadOf(loop).ManagedThreadId;
        ScriptedSink sink = HostedSink.On(loop, script: s =>
        {
            s.Starting = async token => await Task.Delay(1, token);
            s.Dispatching = async (_, token) => await Task.Run(static () => { }, token);
            s.Stopped = async _ => await Task.Yield();
        });

        for (int i = 0; i < 100; i++)
            sink.Log($"{i}");
        Assert.True(Patience.Finish(sink.Start()).Success || sink.State == SinkState.Running);
        Assert.True(Patience.Finish(sink.Stop()).Success);

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}"), sink.Delivered);
        Assert.Equal(204, sink.Threads.Count);
        Assert.All(sink.Threads, id => Assert.Equal(thread, id));
    }

    [Fact]
    public void P1_Undelivered_events_are_handed_over_on_the_loop()
    {
        using var loop = new SinkLoop();
        int thread = HostedSink.ThreadOf(loop).ManagedThreadId;
        var seen = new TaskCompletionSource<int>();
        var gate = new GatedHook();
        ScriptedSink sink = HostedSink.On(loop, script: s =>
        {
            s.Dispatching = async (_, token) =>
            {
                await gate.Obedient(token);
                throw new IOException("gone");
            };
            s.Undelivered = async (_, _) =>
            {
                await Task.Yield();
                seen.SetResult(Environment.CurrentManagedThreadId);
            };
        });
        sink.Log("a");
        sink.Log("b");
        gate.Open();
        Assert.Equal(thread, Patience.Finish(seen.Task, "The hand-over runs"));
        Assert.Equal(["b"], sink.HandedOver);
    }

    [Fact]
    public void P1_A_backend_that_leaves_the_loop_does_not_take_the_next_dispatch_with_it()
    {
        var starts = new List<int>();
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(s => s.Dispatching = async (_, token) =>
        {
            starts.Add(Environment.CurrentManagedThreadId);
            await Task.Run(static () => { }, token).ConfigureAwait(false);
        });
        for (int i = 0; i < 50; i++)
            managed.Sink.Log("x");
        managed.Terminate();
        Assert.Equal(50, starts.Count);
        Assert.Single(starts.Distinct());
    }

    [Fact]
    public void P1_A_backend_that_leaves_another_context_behind_does_not_lead_later_awaits_astray()
    {
        using ManagedSink<SpoilingSink> managed = SinkRuntime.Create(static () => new SpoilingSink());
        for (int i = 0; i < 20; i++)
        {
            managed.Sink.Log("spoil");
            Patience.Finish(managed.Sink.FlushAsync().AsTask(), "The spoiling dispatch ends");
            managed.Sink.Log("await");
            Patience.Finish(managed.Sink.FlushAsync().AsTask(), "The awaiting dispatch ends");
        }

        Assert.Equal(Enumerable.Repeat(managed.Sink.LoopThread, 20), managed.Sink.AfterAwait);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(1000)]
    public void P1_A_loop_hosts_one_sink_or_many(int count)
    {
        using var loop = new SinkLoop("crowd");
        int thread = HostedSink.ThreadOf(loop).ManagedThreadId;
        int inside = 0, most = 0;
        ScriptedSink[] sinks =
        [
            .. Enumerable.Range(0, count).Select(_ => HostedSink.On(loop, script: s => s.Dispatching = async (_, _) =>
            {
                most = Math.Max(most, ++inside); // the loop is the lock
                inside--;
                await Task.Yield();
            })),
        ];
        for (int i = 0; i < 5; i++)
            Array.ForEach(sinks, sink => sink.Log($"{i}"));
        Array.ForEach(sinks, sink => Patience.Finish(sink.FlushAsync().AsTask(), "A sink of the crowd flushes"));
        SinkWaitHandle[] stops = Array.ConvertAll(sinks, sink => sink.Stop());
        Assert.All(stops, stop => Assert.True(Patience.Finish(stop).Success));

        Assert.Equal(1, most);
        Assert.All(sinks, sink => Assert.Equal(["0", "1", "2", "3", "4"], sink.Delivered));
        Assert.All(sinks, sink => Assert.All(sink.Threads, id => Assert.Equal(thread, id)));
    }

    [Fact]
    public void P1_A_busy_sink_does_not_starve_its_neighbour()
    {
        using var loop = new SinkLoop();
        ScriptedSink busy = HostedSink.On(loop);
        busy.Dispatching = (item, _) =>
        {
            busy.TryLog(item); // never runs empty
            return ValueTask.CompletedTask;
        };
        ScriptedSink neighbour = HostedSink.On(loop);
        for (int i = 0; i < 1000; i++)
            busy.Log("x");
        neighbour.Log("y");
        Patience.Finish(neighbour.FlushAsync().AsTask(), "The neighbour's event is delivered");
        Assert.Equal(5, Patience.Finish(loop.InvokeAsync(static () => 5), "The loop still takes work"));
        Assert.True(Patience.Finish(busy.Stop()).Success);
    }

    /// <summary>Its dispatch is no async method, which would put the context back when it returns.</summary>
    private sealed class SpoilingSink : AsyncSink<string>
    {
        public int LoopThread { get; } = Environment.CurrentManagedThreadId;

        public ConcurrentQueue<int> AfterAwait { get; } = new();

        protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
        {
            if (item == "await")
                return Await();
            SynchronizationContext.SetSynchronizationContext(null);
            return ValueTask.CompletedTask;
        }

        private async ValueTask Await()
        {
            await Task.Yield();
            AfterAwait.Enqueue(Environment.CurrentManagedThreadId);
        }
    }
}
