namespace Mvx.Sink.Verification;

/// <summary>What the checks of one verification share.</summary>
internal sealed class VerificationSession<TSink, TEvent> : IDisposable
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private static int _last;

    private readonly Shared<DeliveryRun<TSink, TEvent>> _delivery;
    private readonly Shared<DeliveryRun<TSink, TEvent>> _together;
    private readonly Shared<ResourceRun> _resources;
    private readonly Shared<IReadOnlyList<FailureRun>> _failures;
    private readonly Shared<bool> _awaitsBackend;
    private SinkTraits? _traits;
    private int _hangs;

    public VerificationSession(SinkSpecification<TSink, TEvent> specification, VerificationSettings settings, ulong seed)
    {
        Specification = specification;
        Settings = settings;
        Seed = seed;
        Capabilities = specification.Capabilities;
        Name = $"verification-{Interlocked.Increment(ref _last)}-of-{typeof(TSink).Name}";
        Diagnostics = new DiagnosticsTap($"'{Name}'", $"'{typeof(TSink).Name}'", "'Mvx.Sink.Verification'", Name);
        _delivery = new(() => DeliveryRun<TSink, TEvent>.Perform(this));
        _together = new(() => DeliveryRun<TSink, TEvent>.PerformTogether(this));
        _failures = new(() => FailureRun.AllOf(this));
        _resources = new(() => ResourceRun.OverCycles(this));
        _awaitsBackend = new(() => StallProbe.AwaitsBackend(this));
    }

    public SinkSpecification<TSink, TEvent> Specification { get; }

    public VerificationSettings Settings { get; }

    public ulong Seed { get; }

    public SinkCapabilities Capabilities { get; }

    public string Name { get; }

    public DiagnosticsTap Diagnostics { get; }

    /// <summary>The calls of Log that the check at work has made.</summary>
    public CallWatch Calls { get; private set; } = new();

    /// <summary>Whether a check was left behind, perhaps with a backend that it had broken.</summary>
    public bool HasLeftBehind { get; private set; }

    public SinkTraits Traits => _traits ?? SinkTraits.Unknown;

    /// <summary>The one big delivery that several rules look at.</summary>
    public DeliveryRun<TSink, TEvent> Delivery => _delivery.Value;

    /// <summary>The deliveries of several producers at once.</summary>
    public DeliveryRun<TSink, TEvent> Together => _together.Value;

    /// <summary>The cycles that several rules count resources over.</summary>
    public ResourceRun Resources => _resources.Value;

    /// <summary>What the sink did on a broken backend, in several ways.</summary>
    public IReadOnlyList<FailureRun> Failures => _failures.Value;

    /// <summary>Whether what counts as delivered is in the backend: declared, or seen on a backend that is stuck.</summary>
    public bool AwaitsBackend => _awaitsBackend.Value;

    /// <summary>How busy the machine is: what is measured in time is measured in its time.</summary>
    public double Stretch { get; private set; } = MachineSpeed.Measure();

    /// <summary>About how long one rule may work.</summary>
    public TimeSpan Budget => Settings.RuleBudget * Stretch;

    /// <summary>
    /// Tries the sink out: before any rule, not in the middle of one that has just broken the backend. Of one that does not come back nothing is believed, and what is
    /// left behind then does not disturb those who ask.
    /// </summary>
    public void FindTraits()
    {
        SinkTraits? found = null;
        bool returned = TryRun(() => found = TraitsProbe.Of(this), Settings.OperationTimeout * 3 * Stretch, out _);
        if (!returned)
            NoteHang();
        _traits = returned && found is not null ? found : SinkTraits.Unknown;
    }

    /// <summary>
    /// Runs a check on a thread of its own: the sink's code may hang where no bound of the kit's reaches. False when it did not come back; it is then left behind. A call
    /// of Log that does not return ends it early, but not before the bound that a check may have set for its calls.
    /// </summary>
    /// <param name="check">The check.</param>
    /// <param name="longest">How long it may take at all.</param>
    /// <param name="stuck">For how long a call of Log had not returned when the check was left behind for it; null: that was not why.</param>
    public bool TryRun(Action check, TimeSpan longest, out TimeSpan? stuck)
    {
        var calls = new CallWatch();
        Calls = calls;
        TimeSpan bound = OperationPatience * Stretch * (_hangs == 0 ? 2 : 1);
        TimeSpan? seen = null;
        bool returned = Patience.TryRun(check, longest, () => (seen = calls.IsAnyLongerThan(bound) ? bound : null) is not null);
        stuck = returned ? null : seen;
        HasLeftBehind |= !returned;
        return returned;
    }

    /// <summary>Measures anew how busy the machine is: before each rule.</summary>
    public void LookAtMachine() => Stretch = MachineSpeed.Measure();

    public bool Can(SinkCapabilities capabilities) => (Capabilities & capabilities) == capabilities;

    public SinkOptions Options(int? limit, QueueOverflowPolicy policy = QueueOverflowPolicy.RaiseError, TimeProvider? clock = null) => new()
    {
        Namespace = Name,
        QueueMaxSize = limit,
        OverflowPolicy = policy,
        TimeProvider = clock ?? TimeProvider.System,
        // Virtual time runs from timer to timer, past what a backend does in real time: a stop must not run out of it.
        StopBudget = clock is null ? new SinkOptions().StopBudget : Timeout.InfiniteTimeSpan,
    };

    /// <summary>How long an operation may take that has nothing before it. A sink that has hung is not waited for so long again and again.</summary>
    public TimeSpan OperationPatience => _hangs == 0 ? Settings.OperationTimeout : Settings.OperationTimeout / 5;

    /// <summary>How long a whole rule may take: the operations that may hang in it, and what a slow sink needs.</summary>
    public TimeSpan LongestCheck => ((OperationPatience * (_hangs == 0 ? 6 : 4)) + (Settings.RuleBudget * 8)) * Stretch;

    /// <summary>How long an operation may take that has so many events before it.</summary>
    public TimeSpan Bound(long events)
    {
        if (_traits is not { } traits)
            return Settings.OperationTimeout * Stretch; // nothing is known of its speed yet
        return (OperationPatience * Stretch) + (traits.Cycle * 4) + (traits.PerEvent * events * 4);
    }

    /// <summary>How long so many events take.</summary>
    public TimeSpan BacklogOf(long events) => Traits.PerEvent * events;

    public void NoteHang() => _hangs++;

    /// <summary>How many events fit into a rule's budget.</summary>
    public int EventsFor(double shareOfBudget, int most)
    {
        TimeSpan perEvent = Traits.PerEvent;
        if (perEvent <= TimeSpan.Zero)
            return most;
        double fit = Budget * shareOfBudget / perEvent;
        return (int)Math.Clamp(fit, Math.Min(8, most), most);
    }

    /// <summary>How many start-and-stop cycles fit into a rule's budget.</summary>
    public int CyclesFor(double shareOfBudget, int most, int events = 0)
    {
        TimeSpan one = Traits.Cycle + (Traits.PerEvent * events);
        return one <= TimeSpan.Zero ? most : (int)Math.Clamp(Budget * shareOfBudget / one, Math.Min(3, most), most);
    }

    public void Dispose() => Diagnostics.Dispose();
}
