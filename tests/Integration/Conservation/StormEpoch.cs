using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Conservation;

/// <summary>One sink of the storm and what its producers counted for themselves.</summary>
internal sealed class StormEpoch : IDisposable
{
    private readonly Hosted<StormSink> _hosted;
    private readonly long[][] _outcomes; // by producer, so that no two write to one cell

    public StormEpoch(int producers, int limit, QueueOverflowPolicy policy)
    {
        Limit = limit;
        _outcomes = [.. Enumerable.Range(0, producers).Select(static _ => new long[16])];
        _hosted = Hosted.Virgin(() => new StormSink(new SinkOptions { QueueMaxSize = limit, OverflowPolicy = policy }, producers));
    }

    public StormSink Sink => _hosted.Sink;

    public int Limit { get; }

    public LogOutcome Offer(StormEvent item)
    {
        LogOutcome outcome = Sink.TryLog(item);
        _outcomes[item.Producer][(int)outcome]++;
        return outcome;
    }

    /// <summary>Compares the ledger with what the producers and the sink counted. Once the producers are gone and the sink is at rest.</summary>
    public void Settle()
    {
        SinkLedger ledger = Sink.Ledger;
        Assert.Equal(Sum(LogOutcome.Accepted), ledger.Accepted);
        Assert.Equal(Sum(LogOutcome.Dropped), ledger.Dropped);
        Assert.Equal(Sum(LogOutcome.QueueFull) + Sum(LogOutcome.InvalidState), ledger.Rejected);
        Assert.Equal(Enum.GetValues<LogOutcome>().Sum(Sum), ledger.Offered);
        Assert.Equal(Sink.Delivered, ledger.Delivered);
        Assert.Equal(Sink.Failed, ledger.Failed);
        Assert.Equal(Sink.HandedOver, ledger.Undelivered);
        Assert.Equal(0, ledger.Pending);
        Assert.Null(Sink.Disorder);
        Assert.Equal(Sink.Starts, Sink.Stops);
        Assert.InRange(Sink.HandOvers, 0, 1);
        Assert.Equal(Invariants.IsTerminal(Sink.State) ? 1 : 0, Sink.Failed);
    }

    public void Dispose() => _hosted.Dispose();

    private long Sum(LogOutcome outcome) => _outcomes.Sum(counts => counts[(int)outcome]);
}
