using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>Settings that suit a build: hangs are provoked here, so bounds are short.</summary>
internal static class TestSettings
{
    /// <summary>For one rule on a sink that breaks it. Where it hangs it hangs for good, so nothing is gained by waiting long.</summary>
    public static VerificationSettings Targeted => Thorough with { OperationTimeout = TimeSpan.FromSeconds(1), CancellationTimeout = TimeSpan.FromSeconds(1), SettleTime = TimeSpan.FromMilliseconds(300) };

    /// <summary>For one rule on one sink.</summary>
    public static VerificationSettings Thorough { get; } = VerificationSettings.Quick with
    {
        OperationTimeout = TimeSpan.FromSeconds(2),
        CancellationTimeout = TimeSpan.FromSeconds(1.5),
        SettleTime = TimeSpan.FromMilliseconds(400),
        Seed = 20240229,
    };

    /// <summary>For all rules on many sinks.</summary>
    public static VerificationSettings Brief { get; } = Thorough with
    {
        Sequences = 20,
        ParallelSequences = 6,
        ScheduledSequences = 6,
        Events = 3_000,
        Cycles = 8,
        RuleBudget = TimeSpan.FromMilliseconds(300),
    };
}
