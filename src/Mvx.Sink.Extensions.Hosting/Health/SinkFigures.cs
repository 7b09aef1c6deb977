namespace Mvx.Sink.Extensions.Hosting;

/// <summary>What a check has found out about one sink.</summary>
internal sealed record SinkFigures(string Name, ISinkLifecycle Sink)
{
    public SinkState State { get; private init; }

    public SinkLedger Ledger { get; private init; }

    /// <summary>For how long the dispatch in progress has finished no event, where that is known.</summary>
    public TimeSpan? DispatchAge { get; private init; }

    public SinkException? Error { get; private init; }

    /// <summary>How much of the loss is on purpose.</summary>
    public long IntendedLoss { get; private init; }

    /// <summary>What asking threw, where the lifecycle is not ours; then the rest is not known.</summary>
    public Exception? Fault { get; private init; }

    public static SinkFigures Of(string name, ISinkLifecycle sink, Func<long> intendedLoss)
    {
        try
        {
            // The state first: the error of a failure that is seen is there already.
            return new SinkFigures(name, sink)
            {
                State = sink.State,
                Ledger = sink.Ledger,
                DispatchAge = (sink as ILoopBound)?.DispatchAge(),
                Error = sink.LastError,
                IntendedLoss = intendedLoss(),
            };
        }
        catch (Exception error)
        {
            return new SinkFigures(name, sink) { Fault = error };
        }
    }
}
