namespace Mvx.Sink.Runtime;

/// <summary>Time stamps by a sink's clock, in ticks since it was first asked. Any thread; infallible.</summary>
internal sealed class SinkStopwatch
{
    /// <summary>The stamp of a clock that threw.</summary>
    public const long Unknown = long.MinValue;

    private readonly SinkIdentity _identity;
    private readonly long _origin;

    public SinkStopwatch(SinkIdentity identity)
    {
        _identity = identity;
        try
        {
            _origin = identity.Clock.GetTimestamp();
        }
        catch (Exception error)
        {
            Report(error);
        }
    }

    public long Now()
    {
        try
        {
            return Math.Max(0, _identity.Clock.GetElapsedTime(_origin).Ticks);
        }
        catch (Exception error)
        {
            Report(error);
            return Unknown;
        }
    }

    /// <summary>The time between two stamps; null when one is unknown. A clock that goes back makes it zero.</summary>
    public static TimeSpan? Between(long from, long to) =>
        from == Unknown || to == Unknown ? null : TimeSpan.FromTicks(Math.Max(0, to - from));

    private void Report(Exception error) => SinkDiagnostics.Report($"TimeProvider of sink '{_identity.Name}'", error);
}
