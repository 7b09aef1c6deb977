using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Conservation;

/// <summary>An event of the storm: who offers it, and its number.</summary>
internal readonly record struct StormEvent(int Producer, int Number);

/// <summary>The storm's sink: counts for itself what became of its events, checks their order, and fails when told.</summary>
internal sealed class StormSink(SinkOptions options, int producers) : AsyncSink<StormEvent>(options)
{
    private readonly int[] _lastOf = [.. Enumerable.Repeat(-1, producers)];
    private Exception? _toThrow;

    // What the loop counts; read by the test once the sink is at rest.
    public long Delivered { get; private set; }

    public long Failed { get; private set; }

    public long HandedOver { get; private set; }

    public int HandOvers { get; private set; }

    public int Starts { get; private set; }

    public int Stops { get; private set; }

    /// <summary>The first event that came out of its producer's order, if any.</summary>
    public string? Disorder { get; private set; }

    /// <summary>Has the next dispatch throw.</summary>
    public void Break(Exception error) => Volatile.Write(ref _toThrow, error);

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        Starts++;
    }

    protected override ValueTask DispatchAsync(StormEvent item, CancellationToken cancellationToken)
    {
        Note(item);
        if (Volatile.Read(ref _toThrow) is { } error)
        {
            Failed++;
            throw error;
        }

        return item.Number % 500 == 0 ? Slowly() : Count();
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        Stops++;
        return ValueTask.CompletedTask;
    }

    protected override ValueTask OnUndeliveredAsync(IReadOnlyList<StormEvent> items, SinkException cause)
    {
        foreach (StormEvent item in items)
            Note(item);
        HandedOver += items.Count;
        HandOvers++;
        return ValueTask.CompletedTask;
    }

    private ValueTask Count()
    {
        Delivered++;
        return ValueTask.CompletedTask;
    }

    private async ValueTask Slowly()
    {
        await Task.Yield();
        Delivered++;
    }

    private void Note(StormEvent item)
    {
        if (item.Number <= _lastOf[item.Producer])
            Disorder ??= $"{item} came after number {_lastOf[item.Producer]}";
        _lastOf[item.Producer] = item.Number;
    }
}
