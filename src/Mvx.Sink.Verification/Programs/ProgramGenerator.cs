using FsCheck;
using FsCheck.Fluent;

namespace Mvx.Sink.Verification;

/// <summary>Draws random programs. One seed and one index give one program, so that any of them can be drawn again alone.</summary>
internal sealed class ProgramGenerator(bool limits, bool breaks, bool restarts, bool terminates, bool small)
{
    public SinkProgram Sequential(ulong seed, int index) => Draw(SequentialGen(), seed, index, size: small ? 4 : index % 5 == 4 ? 30 : 3 + (index % 10));

    public SinkProgram Parallel(ulong seed, int index) => Draw(ParallelGen(), seed, index, size: 2 + (index % 4));

    public SinkProgram Scheduled(ulong seed, int index) => Draw(ScheduledGen(), seed, index, size: small ? 5 : 4 + (index % 10));

    private static SinkProgram Draw(Gen<SinkProgram> gen, ulong seed, int index, int size) =>
        Gen.Sample(gen, 1, new Rnd(seed + ((ulong)index * 0x9E3779B97F4A7C15UL)), size).First();

    private Gen<SinkProgram> SequentialGen() =>
        from options in OptionsGen()
        from commands in CommandsGen(scheduled: false)
        select options with { Prefix = commands };

    private Gen<SinkProgram> ParallelGen() =>
        from options in OptionsGen()
        from prefix in Gen.Resize(CommandsGen(scheduled: false), 2)
        from count in Gen.Choose(2, 3)
        from branches in Gen.ArrayOf(CommandsGen(scheduled: false), count)
        select options with { Prefix = prefix, Branches = [.. branches.Where(static branch => branch.Length > 0)] };

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
