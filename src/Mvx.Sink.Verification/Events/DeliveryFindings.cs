namespace Mvx.Sink.Verification;

/// <summary>What is wrong about a delivery, each kind apart.</summary>
internal sealed class DeliveryFindings
{
    public List<SinkEventId> Lost { get; } = [];

    public List<SinkEventId> Duplicated { get; } = [];

    /// <summary>Arrived although their callers were told that they were refused, or never logged.</summary>
    public List<SinkEventId> Uninvited { get; } = [];

    /// <summary>The first two that arrived the wrong way round, later one first.</summary>
    public (SinkEventId Later, SinkEventId Earlier)? Swapped { get; set; }

    public List<string> Changed { get; } = [];

    public int Accepted { get; set; }

    public int Received { get; set; }

    /// <summary>Under a sink's own Drop policy Log does not say which events were dropped, only the ledger how many: so many may be missing.</summary>
    public DeliveryFindings Forgive(long dropped)
    {
        if (Lost.Count <= dropped)
            Lost.Clear();
        return this;
    }

    public string? DescribeLost => Lost.Count == 0 ? null : $"{Lost.Count} of {Accepted} accepted events did not reach the backend: {Some(Lost)}.";

    public string? DescribeDuplicated => Duplicated.Count == 0 ? null : $"{Duplicated.Distinct().Count()} of {Accepted} events reached the backend more than once: {Some([.. Duplicated.Distinct()])}.";

    public string? DescribeUninvited => Uninvited.Count == 0 ? null : $"{Uninvited.Count} events are in the backend although they were refused or never logged: {Some(Uninvited)}.";

    public string? DescribeSwapped => Swapped is not { } pair
        ? null
        : $"{pair.Earlier} had been accepted before {pair.Later} was logged, but {pair.Later} reached the backend first (of {Received} events).";

    public string? DescribeChanged => Changed.Count == 0 ? null : $"{Changed.Count} events arrived changed. {Changed[0]}";

    private static string Some(List<SinkEventId> ids) => string.Join(", ", ids.Take(8)) + (ids.Count > 8 ? ", …" : "");
}
