namespace Mvx.Sink.Verification;

/// <summary>How thoroughly and how patiently a sink is verified. All bounds are generous: they tell a hang from slowness, they measure no speed.</summary>
public sealed record VerificationSettings
{
    /// <summary>The default: under a minute for a fast sink.</summary>
    public static VerificationSettings Default { get; } = new();

    /// <summary>Under ten seconds for a fast sink: for every build.</summary>
    public static VerificationSettings Quick { get; } = new()
    {
        Sequences = 40,
        ParallelSequences = 60,
        ScheduledSequences = 45,
        Events = 5_000,
        Cycles = 10,
        RuleBudget = TimeSpan.FromSeconds(1),
    };

    /// <summary>How many random command sequences run one after the other (rule K80).</summary>
    public int Sequences { get; init; } = 250;

    /// <summary>How many random programs with parallel branches run, and after them as many races between Log and a stop, but 40 to 200 (rule K81).</summary>
    public int ParallelSequences { get; init; } = 300;

    /// <summary>How many random interleavings run under the manual loop (rule K82).</summary>
    public int ScheduledSequences { get; init; } = 150;

    /// <summary>How many events the delivery rules log. Fewer are used where the sink is slow, so that a rule keeps its budget.</summary>
    public int Events { get; init; } = 20_000;

    /// <summary>How many start-and-stop cycles the resource rules count over.</summary>
    public int Cycles { get; init; } = 20;

    /// <summary>About how long one rule may work on a sink that is slow; what did not fit is said in the report.</summary>
    public TimeSpan RuleBudget { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>After how long a start, a stop, a flush or a failure counts as hanging. The time its events need is added.</summary>
    public TimeSpan OperationTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Within how long a dispatch must end once its token has fired; eight seconds at most, since the loop itself gives it up after ten.</summary>
    public TimeSpan CancellationTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long <c>Log</c> may typically take (the median of many calls) while the backend is stuck.</summary>
    public TimeSpan LogBound { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long an event that is missing after a stop is waited for, to tell one that is late from one that is lost.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Starts the random sequences; null: a new one each time, which the report shows.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Rules not to check, by id, each with the reason that the report shows.</summary>
    public IReadOnlyDictionary<string, string> Exempt { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Called after each rule, for instance to show progress. Null: nobody.</summary>
    public Action<RuleResult>? Progress { get; init; }
}
