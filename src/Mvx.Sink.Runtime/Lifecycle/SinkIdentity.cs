namespace Mvx.Sink.Runtime;

/// <summary>A sink's name and clock, as its events show them.</summary>
internal sealed record SinkIdentity(string Name, TimeProvider Clock)
{
    /// <summary>The time by the sink's clock, or, should that throw, by the system's. Infallible.</summary>
    public DateTimeOffset Now()
    {
        try
        {
            return Clock.GetUtcNow();
        }
        catch (Exception error)
        {
            SinkDiagnostics.Report($"TimeProvider of sink '{Name}'", error);
            return TimeProvider.System.GetUtcNow();
        }
    }
}
