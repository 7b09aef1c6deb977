using FsCheck;
using FsCheck.Fluent;

namespace Mvx.Sink.Verification;

/// <summary>Draws random programs. One seed and one index give one program, so that any of them can be drawn again alone.</summary>
internal sealed class ProgramGenerator(bool limits, bool breaks, bool restarts, bool terminates, bool small)
{
    /// <summary>One in ten is a life of several starts, which chance seldom makes of single commands; the others are anything.</summary>
    public SinkProgram Sequential(ulong seed, int index) => restarts && index % 10 == 7
        ? Draw(LivesGen(), seed, index, size: 4)
        : Draw(SequentialGen(), seed, index, size: small ? 4 : index % 5 == 4 ? 30 : 3 + (index % 10));

    /// <summary>Every other one is a known kind of race, with numbers that vary; the others are anything.</summary>
    public SinkProgram Parallel(ulong seed, int index) =>
        index % 2 == 0 ? Draw(RaceGen(index / 2), seed, index, size: 4) : Draw(ParallelGen(), seed, index, size: 2 + (index % 4));

    /// <summary>Every other one looks into the middle of a start or a stop, one turn further each time; one in twenty lets much time pass; the others are anything.</summary>
    public SinkProgram Scheduled(ulong seed, int index) =>
        index % 2 == 0 ? Between(index / 2) : index % 20 == 3 ? LongPause(index / 20) : Draw(ScheduledGen(), seed, index, size: small ? 5 : 4 + (index % 10));

    private static SinkProgram Draw(Gen<SinkProgram> gen, ulong seed, int index, int size) =>
        Gen.Sample(gen, 1, new Rnd(seed + ((ulong)index * 0x9E3779B97F4A7C15UL)), size).First();

    private Gen<SinkProgram> SequentialGen() =>
        from options in OptionsGen()
        from commands in CommandsGen(scheduled: false)
        select options with { Prefix = commands };

    private Gen<SinkProgram> LivesGen() =>
        from lives in Gen.Choose(2, small ? 2 : 6)
        from few in Gen.Choose(1, small ? 1 : 4)
        select Enumerable.Range(0, lives).Aggregate(SinkProgram.Empty.Start().Log(few), (program, _) => program.Restart().Log(few)).Stop();

    private Gen<SinkProgram> ParallelGen() =>
        from options in OptionsGen()
        from prefix in Gen.Resize(CommandsGen(scheduled: false), 2)
        from count in Gen.Choose(2, 3)
        from branches in Gen.ArrayOf(CommandsGen(scheduled: false), count)
        select options with { Prefix = prefix, Branches = [.. branches.Where(static branch => branch.Length > 0)] };

    private Gen<SinkProgram> RaceGen(int kind) =>
        from options in kind % 3 == 0 ? OptionsGen() : Gen.Constant(SinkProgram.Empty)
        from few in Gen.Choose(1, small ? 1 : 3)
        from many in Gen.Choose(small ? 2 : 4, small ? 3 : 12)
        select (kind % 8) switch
        {
            0 => options.Start().Branch(b => b.Log(many)).Branch(static b => b.Stop()),
            1 => options.Branch(b => b.Log(many)).Branch(static b => b.Start()).Branch(static b => b.Stop()),
            2 => options.Start().Log(few).Branch(b => b.Log(many)).Branch(b => b.Log(few).Flush()),
            3 => options.Start().Branch(b => b.Log(many)).Branch(static b => b.Stop()).Branch(static b => b.Stop()),
            4 => options.Start().Log(few).Branch(static b => b.Flush().Look()).Branch(b => b.Log(few).Stop()).Branch(b => b.Log(few)),
            5 when restarts => options.Start().Branch(b => b.Log(many)).Branch(static b => b.Restart()),
            6 when terminates => options.Start().Branch(b => b.Log(many)).Branch(static b => b.Terminate()).Branch(static b => b.Flush()),
            7 when breaks => options.Start().Branch(b => b.Log(many)).Branch(static b => b.Break().Look().Heal()),
            _ => options.Start().Branch(b => b.Log(many)).Branch(b => b.Log(few).Look()).Branch(b => b.Log(few)),
        };

    private SinkProgram Between(int kind)
    {
        int turns = (kind / 3) % 7;
        SinkProgram program = SinkProgram.Empty.Scheduled();
        return (kind % 3) switch
        {
            0 => program.BeginStart().Step(turns).Log(2).Look().Step().Log(1).Step().Look(),
            1 => program.Log(1).Step(turns).Log(2).Step(2).Look().BeginStop().Step(turns).Log(1).Look(),
            _ when restarts => program.BeginStart().Step(9).Log(2).BeginStop().Step(turns).BeginStart().Log(1).Step(turns).Log(1).Look(),
            _ => program.BeginStart().Step(9).Log(2).Step(turns).BeginStop().Log(1).Step().Look(),
        };
    }

    /// <summary>
    /// A sink at rest for minutes, which no other program waits for: longer than what connections, tokens and time limits live, and few enough turns of a clock that ticks
    /// every few milliseconds. Everything is written before, so that no write in flight runs out of virtual time.
    /// </summary>
    private SinkProgram LongPause(int kind)
    {
        const int tenMinutes = 600_000;
        SinkProgram program = SinkProgram.Empty.Scheduled().Start().Log(1).Flush().Advance(tenMinutes);
        return (kind % 3) switch
        {
            0 => program.Log(2).Flush().Look(),
            1 => program.Step(9).Stop().Look(),
            _ when restarts => program.Restart().Log(2).Flush().Look(),
            _ => program.Log(1).Stop().Look(),
        };
    }

    private Gen<SinkProgram> ScheduledGen() =>
        from options in OptionsGen()
        from commands in CommandsGen(scheduled: true)
        select options with { Prefix = commands, IsScheduled = true };

    private Gen<SinkProgram> OptionsGen()
    {
        if (!limits)
            return Gen.Constant(SinkProgram.Empty);
        return
            from limit in Gen.Elements(1, 2, 3, 5, 8, 100)
            from policy in Gen.Elements(QueueOverflowPolicy.RaiseError, QueueOverflowPolicy.Drop)
            select SinkProgram.Empty.WithQueue(limit, policy);
    }

    private Gen<SinkCommand[]> CommandsGen(bool scheduled) =>
        from size in Gen.Sized(static size => Gen.Choose(1, Math.Max(1, size)))
        from commands in Gen.ArrayOf(CommandGen(scheduled), size)
        select commands;

    private Gen<SinkCommand> CommandGen(bool scheduled)
    {
        static Gen<SinkCommand> Plain(SinkCommandKind kind) => Gen.Constant(new SinkCommand(kind));
        var choices = new List<(int Weight, Gen<SinkCommand> Gen)>
        {
            (8, Gen.Choose(1, small ? 2 : 5).Select(static count => new SinkCommand(SinkCommandKind.Log, count))),
            (3, Plain(scheduled ? SinkCommandKind.BeginStart : SinkCommandKind.Start)),
            (1, Plain(SinkCommandKind.BeginStart)),
            (2, Plain(scheduled ? SinkCommandKind.BeginStop : SinkCommandKind.Stop)),
            (1, Plain(SinkCommandKind.BeginStop)),
            (2, Plain(SinkCommandKind.Look)),
        };
        if (!scheduled)
            choices.Add((2, Plain(SinkCommandKind.Flush)));
        if (restarts && !scheduled)
            choices.Add((3, Plain(SinkCommandKind.Restart)));
        if (terminates && !scheduled)
            choices.Add((1, Plain(SinkCommandKind.Terminate)));
        if (breaks)
        {
            choices.Add((1, Plain(SinkCommandKind.Break)));
            choices.Add((1, Plain(SinkCommandKind.Heal)));
        }

        if (scheduled)
        {
            choices.Add((8, Gen.Choose(1, 4).Select(static count => new SinkCommand(SinkCommandKind.Step, count))));
            choices.Add((2, Gen.Elements(1, 10, 100, 1000).Select(static count => new SinkCommand(SinkCommandKind.Advance, count))));
        }

        return Gen.Frequency(choices);
    }
}
