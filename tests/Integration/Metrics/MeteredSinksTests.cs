using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Metrics;

[Collection(ProcessWideCollection.Name)]
public sealed class MeteredSinksTests
{
    [Fact]
    public void O5_A_sink_that_is_gone_leaves_its_figures_and_nothing_else()
    {
        string name = MeterWatch.NewName();
        using var watch = new MeterWatch(name);
        WeakReference[] sinks = Cycle(name, 100);
        Assert.Equal(300, watch.Collect("delivered"));
        Patience.Until(() => Collected(sinks), "The sinks are collected");
        Assert.Equal((300d, 300d), (watch.Collect("delivered"), watch.Collect("accepted")));
        Assert.Null(watch.Collect("pending"));
    }

    [Fact]
    public void O5_A_sink_that_was_never_closed_is_not_kept_alive_by_its_loop_being_gone()
    {
        string name = MeterWatch.NewName();
        using var watch = new MeterWatch(name);
        WeakReference sink = Forgotten(name);
        Patience.Until(() => Collected([sink]), "The sink is collected");
        Assert.Equal(1, watch.Collect("rejected"));
    }

    [Fact]
    public void O5_Any_number_of_names_leaves_a_bounded_number_of_series_and_no_figure_is_lost()
    {
        var sinks = new MeteredSinks(largestPast: 3);
        for (int n = 0; n < 10; n++)
        {
            MeteredSink sink = Counted($"s{n}", accepted: n);
            sinks.Add(sink);
            sinks.Retire(sink);
            sinks.Retire(sink);
        }

        Assert.Equal((0, 3), (sinks.Count, sinks.SeriesCount));
        IReadOnlyList<Measurement<long>> totals = sinks.Total(static ledger => ledger.Accepted);
        Assert.Equal(45, totals.Sum(static one => one.Value));
        Assert.Equal(0 + 1 + 2 + 3 + 4 + 5 + 6, Assert.Single(totals, static one => one.Tags[0].Key == MeteredSinks.OverflowTag).Value);
        Assert.Equal([7L, 8, 9], totals.Where(static one => one.Tags[0].Key == "mvx.sink.name").Select(static one => one.Value).Order());
    }

    [Fact]
    public void O5_A_series_with_a_living_sink_keeps_the_figures_of_those_that_are_gone()
    {
        var sinks = new MeteredSinks(largestPast: 1);
        MeteredSink gone = Counted("a", accepted: 5), living = Counted("a", accepted: 2);
        sinks.Add(gone);
        sinks.Retire(gone);
        sinks.Add(living);
        for (int n = 0; n < 5; n++)
        {
            MeteredSink other = Counted($"s{n}", accepted: 1);
            sinks.Add(other);
            sinks.Retire(other);
        }

        Assert.Equal(7, Assert.Single(sinks.Total(static ledger => ledger.Accepted), static one => one.Tags[0].Value is "a").Value);
        Assert.Equal((1, 2), (sinks.Count, sinks.SeriesCount));
        GC.KeepAlive(living);
    }

    private static MeteredSink Counted(string name, int accepted)
    {
        var queue = new AdmissionChannel<string>(100, QueueOverflowPolicy.Drop, new Gate(new LifecycleModel((long)SinkState.Running), accepted));
        return new MeteredSink(new SinkIdentity(name, TimeProvider.System), typeof(string), queue, new LedgerBook(queue), static () => false);
    }

    private static bool Collected(WeakReference[] sinks)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return sinks.All(static sink => !sink.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Cycle(string name, int count) => [.. Enumerable.Range(0, count).Select(_ => One(name))];

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference One(string name)
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { Namespace = name });
        for (int i = 0; i < 3; i++)
            managed.Sink.Log("x");
        return new WeakReference(managed.Sink, trackResurrection: true);
    }

    /// <summary>A sink of a context that nobody disposes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Forgotten(string name)
    {
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new DeadContext());
        try
        {
            var sink = new ScriptedSink(new SinkOptions { Namespace = name, QueueMaxSize = 1 });
            sink.TryLog("in");
            sink.TryLog("too many");
            return new WeakReference(sink, trackResurrection: true);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Takes callbacks and runs none.</summary>
    private sealed class DeadContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
