using Mvx.Sink.Integration.Verification.FaultySinks;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>One deliberately faulty sink, and the rule that names its fault.</summary>
internal sealed record FaultyCase(string Name, string Rule, Func<VerificationSettings, Func<string?, SinkVerificationReport>> With)
{
    /// <summary>Checks one rule, or all of them when none is given.</summary>
    public SinkVerificationReport Run(VerificationSettings settings, string? rule)
    {
        try
        {
            return With(settings)(rule);
        }
        finally
        {
            Debris.ClearAway();
        }
    }
}
