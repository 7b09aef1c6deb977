namespace Mvx.Sink.Verification;

/// <summary>What the kit found out about a sink before checking it, so that a slow or unusual one is treated fairly.</summary>
/// <param name="TakesLimit">The sink hands its options to its base: a pending limit of the kit's holds.</param>
/// <param name="LogIsDirect">Each logged event is one event of the sink's ledger at once: nothing gathers events in front of it.</param>
/// <param name="PerEvent">How long one event takes.</param>
/// <param name="Cycle">How long a start and a stop take.</param>
internal sealed record SinkTraits(bool TakesLimit, bool LogIsDirect, TimeSpan PerEvent, TimeSpan Cycle)
{
    /// <summary>Believed of a sink that could not be tried out.</summary>
    public static SinkTraits Unknown { get; } = new(TakesLimit: false, LogIsDirect: true, TimeSpan.Zero, TimeSpan.Zero);
}
