namespace Mvx.Sink.Verification;

/// <summary>
/// What callers do to one sink: commands one after the other, then branches at the same time. Immutable; each method gives a longer program. A specification's
/// <c>Replay</c> runs it.
/// </summary>
public sealed record SinkProgram
{
    /// <summary>A program that does nothing to a sink with the default options.</summary>
    public static SinkProgram Empty { get; } = new();

    /// <summary>The pending limit; null: the runtime's default.</summary>
    public int? QueueMaxSize { get; init; }

    /// <summary>What happens at the limit.</summary>
    public QueueOverflowPolicy OverflowPolicy { get; init; }

    /// <summary>Whether it runs on one thread, under a manual loop and a virtual clock, so that every run is the same.</summary>
    public bool IsScheduled { get; init; }

    /// <summary>What is done first, one after the other.</summary>
    public IReadOnlyList<SinkCommand> Prefix { get; init; } = [];

    /// <summary>What is done then, each branch on a thread of its own.</summary>
    public IReadOnlyList<IReadOnlyList<SinkCommand>> Branches { get; init; } = [];

    /// <summary>Whether the backend is broken somewhere in it.</summary>
    public bool Breaks => Prefix.Concat(Branches.SelectMany(static branch => branch)).Any(static command => command.Kind == SinkCommandKind.Break);

    /// <summary>How many commands it has.</summary>
    public int Length => Prefix.Count + Branches.Sum(static branch => branch.Count);

    /// <summary>The program for a sink with this limit.</summary>
    /// <param name="queueMaxSize">The pending limit.</param>
    /// <param name="policy">What happens there.</param>
    /// <returns>The program.</returns>
    public SinkProgram WithQueue(int queueMaxSize, QueueOverflowPolicy policy = QueueOverflowPolicy.RaiseError) =>
        this with { QueueMaxSize = queueMaxSize, OverflowPolicy = policy };

    /// <summary>The program under a manual loop and a virtual clock.</summary>
    /// <returns>The program.</returns>
    public SinkProgram Scheduled() => this with { IsScheduled = true };

    /// <summary>Adds: log events.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The longer program.</returns>
    public SinkProgram Log(int count = 1) => Then(SinkCommandKind.Log, count);

    /// <summary>Adds: start and wait.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram Start() => Then(SinkCommandKind.Start);

    /// <summary>Adds: ask for a start.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram BeginStart() => Then(SinkCommandKind.BeginStart);

    /// <summary>Adds: stop and wait.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram Stop() => Then(SinkCommandKind.Stop);

    /// <summary>Adds: ask for a stop.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram BeginStop() => Then(SinkCommandKind.BeginStop);

    /// <summary>Adds: stop, start, and wait for both.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram Restart() => Then(SinkCommandKind.Restart);

    /// <summary>Adds: flush and wait.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram Flush() => Then(SinkCommandKind.Flush);

    /// <summary>Adds: break the backend.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram Break() => Then(SinkCommandKind.Break);

    /// <summary>Adds: heal the backend.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram Heal() => Then(SinkCommandKind.Heal);

    /// <summary>Adds: read state and ledger.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram Look() => Then(SinkCommandKind.Look);

    /// <summary>Adds: close the sink for good.</summary>
    /// <returns>The longer program.</returns>
    public SinkProgram Terminate() => Then(SinkCommandKind.Terminate);

    /// <summary>Adds: let the manual loop take turns.</summary>
    /// <param name="turns">How many.</param>
    /// <returns>The longer program.</returns>
    public SinkProgram Step(int turns = 1) => Then(SinkCommandKind.Step, turns);

    /// <summary>Adds: move the virtual clock.</summary>
    /// <param name="milliseconds">By how much.</param>
    /// <returns>The longer program.</returns>
    public SinkProgram Advance(int milliseconds) => Then(SinkCommandKind.Advance, milliseconds);

    /// <summary>Adds a branch that runs at the same time as the others, after the commands before.</summary>
    /// <param name="branch">Adds the branch's commands.</param>
    /// <returns>The longer program.</returns>
    public SinkProgram Branch(Func<SinkProgram, SinkProgram> branch)
    {
        ArgumentNullException.ThrowIfNull(branch);
        return this with { Branches = [.. Branches, branch(Empty).Prefix] };
    }

    /// <summary>The program as C#.</summary>
    /// <returns>An expression, one command per line.</returns>
    public override string ToString() => ProgramPrinter.Expression(this);

    private SinkProgram Then(SinkCommandKind kind, int count = 1) => this with { Prefix = [.. Prefix, new SinkCommand(kind, count)] };
}
