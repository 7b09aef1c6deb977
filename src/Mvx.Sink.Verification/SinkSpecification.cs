using System.Diagnostics.CodeAnalysis;

namespace Mvx.Sink.Verification;

/// <summary>
/// What the kit must know to verify a sink: how to make one, how to make events and, so that more rules can be checked, how to read back what reached the
/// backend and how to break it. Two members must be overridden; the others say what happens without them.
/// </summary>
/// <remarks>
/// The kit calls one member at a time. <see cref="CreateSink"/> runs on the loop of the new sink; <see cref="Log"/> on the threads of the producers; all others on a
/// thread of the kit.
/// </remarks>
/// <typeparam name="TSink">The sink's class.</typeparam>
/// <typeparam name="TEvent">The events it is verified with.</typeparam>
public abstract class SinkSpecification<TSink, TEvent>
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private int _loopThread;
    private ManualLoop? _manualLoop;
    private string? _offLoop;

    /// <summary>The rules, for a theory over them: <c>[Theory, MemberData(nameof(Rules))] public void Keeps(string rule) =&gt; Check(rule);</c>.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "Test classes derive from the specification and name it without a type.")]
    public static IEnumerable<object[]> Rules => KitRules.All.Select(static rule => new object[] { rule.ToString() });

    /// <summary>What the specification can do and what the sink promises. Default: what follows from the overrides, and Restart, Ordered and LeavesEventsUnchanged.</summary>
    public virtual SinkCapabilities Capabilities => InferredCapabilities.Of(GetType());

    /// <summary>How thoroughly and how patiently to verify. Default: <see cref="VerificationSettings.Default"/>.</summary>
    public virtual VerificationSettings Settings => VerificationSettings.Default;

    /// <summary>Checks all rules. Blocks until done.</summary>
    /// <returns>The report. Nothing is thrown for a broken rule; see <see cref="SinkVerificationReport.ThrowIfFailed"/>.</returns>
    public SinkVerificationReport Verify() => Verify(Settings);

    /// <summary>Checks all rules with other settings than the specification's own. Blocks until done.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>The report.</returns>
    public SinkVerificationReport Verify(VerificationSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return new Verifier<TSink, TEvent>(this, settings).VerifyAll();
    }

    /// <summary>Checks all rules without blocking the caller.</summary>
    /// <param name="settings">The settings; null: the specification's own.</param>
    /// <returns>A task of the report.</returns>
    public Task<SinkVerificationReport> VerifyAsync(VerificationSettings? settings = null) =>
        Task.Factory.StartNew(() => Verify(settings ?? Settings), CancellationToken.None, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);

    /// <summary>Checks one rule: one test of a theory.</summary>
    /// <param name="rule">The rule's id, alone or with its title.</param>
    /// <param name="skipped">Told the reason when the rule cannot be checked, for instance the test framework's own skip; null: it is written to the console.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ArgumentException">There is no such rule.</exception>
    /// <exception cref="SinkVerificationException">The rule is broken.</exception>
    public RuleResult Check(string rule, Action<string>? skipped = null)
    {
        SinkVerificationReport report = new Verifier<TSink, TEvent>(this, Settings).VerifyOne(KitRules.Get(rule));
        RuleResult result = report.ThrowIfFailed().Results[0];
        if (result.Verdict == RuleVerdict.Skipped)
            (skipped ?? Console.WriteLine)($"{result.Rule} is skipped: {result.Message}");
        return result;
    }

    /// <summary>Runs one program, as a counterexample shows it.</summary>
    /// <param name="program">The program.</param>
    /// <exception cref="SinkVerificationException">The sink breaks the rule of such programs (K80, K81 or K82).</exception>
    public void Replay(SinkProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        new Verifier<TSink, TEvent>(this, Settings).Replay(program).ThrowIfFailed();
    }

    /// <summary>Makes a new sink that has not been started. Runs on its loop.</summary>
    /// <param name="options">
    /// What the kit would like: hand them to the sink's base if it takes options. If it does not, rules about the pending limit are skipped.
    /// </param>
    /// <returns>The sink.</returns>
    protected internal abstract TSink CreateSink(SinkOptions options);

    /// <summary>Makes an event. Put the id into it where it can be found again in the backend.</summary>
    /// <param name="id">Which event it is.</param>
    /// <returns>The event.</returns>
    protected internal abstract TEvent CreateEvent(SinkEventId id);

    /// <summary>
    /// Tells what has reached the backend, in order of arrival. It may tell events of other sinks too: the kit takes those whose ids it gave out. Called at rest,
    /// and after a flush where the sink writes through. Default: rules about delivery are skipped.
    /// </summary>
    /// <param name="sink">The sink.</param>
    /// <returns>The events.</returns>
    protected internal virtual IEnumerable<ReceivedEvent> ReadBack(TSink sink) => [];

    /// <summary>What <see cref="ReceivedEvent.Content"/> must be equal to. Default: the event itself. Equal means Equals, or the same public values.</summary>
    /// <param name="item">The event that was logged.</param>
    /// <returns>What should arrive.</returns>
    protected internal virtual object? ExpectedContent(TEvent item) => item;

    /// <summary>Makes writes fail until <see cref="HealBackend"/>, and a start too if it touches the backend. Default: rules about failure are skipped.</summary>
    /// <param name="sink">The sink.</param>
    protected internal virtual void BreakBackend(TSink sink)
    {
    }

    /// <summary>Makes writes hang until <see cref="HealBackend"/> or until they are cancelled. Default: the kit holds the sink's loop instead, which shows less.</summary>
    /// <param name="sink">The sink.</param>
    protected internal virtual void StallBackend(TSink sink)
    {
    }

    /// <summary>
    /// Makes the next writes fail and those after them succeed. Default: calls <see cref="FailWrites"/>; where that is not overridden either, the rule about retries breaks
    /// and heals the backend instead, if it can.
    /// </summary>
    /// <param name="sink">The sink.</param>
    /// <param name="count">How many writes fail.</param>
    protected internal virtual void FailNextWrites(TSink sink, int count) => FailWrites(sink, 0, count);

    /// <summary>
    /// Lets some writes through, makes those after them fail, and those after these succeed; instead of what was asked for before, if that is not over. It shows what a sink
    /// does that has written a part when it fails. Default: rule K33 lets the first writes fail only.
    /// </summary>
    /// <param name="sink">The sink.</param>
    /// <param name="after">How many writes succeed first; may be 0.</param>
    /// <param name="count">How many writes fail then.</param>
    protected internal virtual void FailWrites(TSink sink, int after, int count)
    {
    }

    /// <summary>Undoes <see cref="BreakBackend"/>, <see cref="StallBackend"/>, <see cref="FailNextWrites"/> and <see cref="FailWrites"/>. Called after each use of them, on a healthy backend too.</summary>
    /// <param name="sink">The sink.</param>
    protected internal virtual void HealBackend(TSink sink)
    {
    }

    /// <summary>Called before each run: a place to clear the backend, so that reading it back stays fast. Default: nothing.</summary>
    protected internal virtual void ResetBackend()
    {
    }

    /// <summary>
    /// Counts what the backend has open on behalf of all sinks: connections, subscriptions, leases. The resource rules count it with threads and handles (rules K35,
    /// K41, K44, K45). Default: 0.
    /// </summary>
    /// <returns>How many.</returns>
    protected internal virtual int CountOpenInBackend() => 0;

    /// <summary>
    /// Makes a sink whose start fails, for instance one with a path that does not exist. Runs on its loop. Default: the kit breaks the backend before the start, if
    /// it can.
    /// </summary>
    /// <param name="options">As for <see cref="CreateSink"/>.</param>
    /// <returns>The sink.</returns>
    protected internal virtual TSink CreateSinkThatCannotStart(SinkOptions options) => CreateSink(options);

    /// <summary>What to check about the sink's descriptors; see <see cref="DescriptorCheck.Of{TSink,TConfig}"/>. Default: nothing, and the rules about descriptors are skipped.</summary>
    /// <returns>The checks.</returns>
    protected internal virtual IEnumerable<DescriptorCheck> Descriptors() => [];

    /// <summary>Logs one event the way users of this sink do. Default: the class's own <c>Log</c>, the most derived one that takes the event. Any thread.</summary>
    /// <param name="sink">The sink.</param>
    /// <param name="item">The event.</param>
    protected internal virtual void Log(TSink sink, TEvent item) => SinkMembers<TSink, TEvent>.Log(sink, item);

    /// <summary>
    /// To be called by a test backend that may be used on the sink's loop only: called on another thread, rule K60 fails and names
    /// <paramref name="what"/>. Any thread.
    /// </summary>
    /// <param name="what">What was called.</param>
    protected internal void MustBeOnLoop(string what)
    {
        int current = Environment.CurrentManagedThreadId;
        if (_manualLoop is { } manual ? manual.CurrentThreadId != current : current != Volatile.Read(ref _loopThread))
            Interlocked.CompareExchange(ref _offLoop, what, null);
    }

    internal void BindToLoop(int thread, ManualLoop? manual)
    {
        Volatile.Write(ref _loopThread, thread);
        _manualLoop = manual;
    }

    internal string? TakeOffLoopCall() => Interlocked.Exchange(ref _offLoop, null);
}
