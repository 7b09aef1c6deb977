using System.Reactive.Concurrency;
using System.Reactive.Linq;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Observation;

/// <summary>The observables keep the contract that System.Reactive's operators rely on.</summary>
public sealed class ReactiveTests
{
    [Fact]
    public void O2_Dispatches_can_be_buffered()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        var batches = new CollectingObserver<IList<SinkDispatchEvent<string>>>();
        managed.Sink.Dispatches.Where(static e => e.Kind == SinkDispatchKind.Delivered).Buffer(10).Subscribe(batches);
        for (int i = 0; i < 25; i++)
            managed.Sink.Log($"{i}");
        managed.Terminate();
        IList<SinkDispatchEvent<string>>[] seen = batches.WaitForCompletion();
        Assert.Equal([10, 10, 5], seen.Select(static b => b.Count));
        Assert.Equal(Enumerable.Range(0, 25).Select(static i => $"{i}"), seen.SelectMany(static b => b).Select(static e => e.Item));
    }

    [Fact]
    public void O1_The_lifecycles_of_many_sinks_can_be_merged()
    {
        using var loop = new SinkLoop();
        ScriptedSink[] sinks = [.. Enumerable.Range(0, 5).Select(i => HostedSink.On(loop, new SinkOptions { Namespace = $"s{i}" }))];
        var all = new CollectingObserver<SinkLifecycleEvent>();
        sinks.Select(static s => s.Lifecycle).Merge().Where(static e => !e.IsReplay).Subscribe(all);
        Array.ForEach(sinks, static s => Patience.Finish(s.Start()));
        Array.ForEach(sinks, static s => Patience.Finish(s.Stop()));
        loop.Dispose();
        SinkLifecycleEvent[] seen = all.WaitForCompletion();
        Assert.Equal(20, seen.Length);
        Assert.All(seen.GroupBy(static e => e.SinkName), static sink => Assert.Equal(
            [SinkState.Starting, SinkState.Running, SinkState.Stopping, SinkState.Stopped], sink.Select(static e => e.To)));
        Assert.False(all.BrokeTheContract);
    }

    [Fact]
    public void O2_Dispatches_can_be_observed_on_a_thread_of_the_observers_choice()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        using var scheduler = new EventLoopScheduler(static start => new Thread(start) { IsBackground = true, Name = "mine" });
        var names = new CollectingObserver<string?>();
        managed.Sink.Dispatches.ObserveOn(scheduler).Select(static _ => Thread.CurrentThread.Name).Subscribe(names);
        for (int i = 0; i < 50; i++)
            managed.Sink.Log("x");
        managed.Terminate();
        Assert.Equal(50, names.WaitForCompletion().Length);
        Assert.All(names.Items, static name => Assert.Equal("mine", name));
    }

    [Fact]
    public void O1_Lifecycle_can_be_throttled_to_where_it_settles()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        var settled = new CollectingObserver<SinkState>();
        managed.Sink.Lifecycle.Throttle(TimeSpan.FromMinutes(5)).Select(static e => e.To).Subscribe(settled);
        Patience.Finish(managed.Sink.Stop());
        Patience.Finish(managed.Sink.Start());
        managed.Terminate();

        // The end lets the last one through, however long the pause.
        Assert.Equal([SinkState.Stopped], settled.WaitForCompletion());
    }

    [Fact]
    public async Task O1_The_next_state_of_a_kind_can_be_awaited()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        Task<SinkLifecycleEvent> stopped = Await(managed.Sink.Lifecycle.FirstAsync(static e => e.To == SinkState.Stopped));
        managed.Terminate();
        Assert.Equal(SinkState.Stopping, (await stopped.WaitAsync(Patience.Bound)).From);

        static async Task<T> Await<T>(IObservable<T> source) => await source;
    }
}
