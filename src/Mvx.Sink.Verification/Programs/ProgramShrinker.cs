namespace Mvx.Sink.Verification;

/// <summary>Gives smaller programs than one that fails, the boldest first.</summary>
internal static class ProgramShrinker
{
    public static IEnumerable<SinkProgram> Smaller(SinkProgram program)
    {
        foreach (SinkCommand[] prefix in SmallerCommands(program.Prefix))
            yield return program with { Prefix = prefix };
        for (int i = 0; i < program.Branches.Count; i++)
        {
            yield return program with { Branches = [.. program.Branches.Where((_, j) => j != i)] };
            if (program.Branches.Count == 1)
                yield return program with { Prefix = [.. program.Prefix, .. program.Branches[0]], Branches = [] };
            foreach (SinkCommand[] branch in SmallerCommands(program.Branches[i]))
            {
                if (branch.Length > 0)
                    yield return program with { Branches = [.. program.Branches.Select((other, j) => j == i ? branch : other)] };
            }
        }

        if (program.QueueMaxSize is not null)
            yield return program with { QueueMaxSize = null, OverflowPolicy = QueueOverflowPolicy.RaiseError };
        if (program.OverflowPolicy != QueueOverflowPolicy.RaiseError)
            yield return program with { OverflowPolicy = QueueOverflowPolicy.RaiseError };
    }

    private static IEnumerable<SinkCommand[]> SmallerCommands(IReadOnlyList<SinkCommand> commands)
    {
        int count = commands.Count;
        if (count > 2)
        {
            yield return [.. commands.Take(count / 2)];
            yield return [.. commands.Skip(count / 2)];
        }

        for (int i = count - 1; i >= 0; i--)
            yield return [.. commands.Where((_, j) => j != i)];
        for (int i = 0; i < count; i++)
        {
            if (!commands[i].HasCount || commands[i].Count <= 1)
                continue;
            yield return With(commands, i, 1);
            if (commands[i].Count > 2)
                yield return With(commands, i, commands[i].Count - 1);
        }
    }

    private static SinkCommand[] With(IReadOnlyList<SinkCommand> commands, int index, int count) =>
        [.. commands.Select((command, j) => j == index ? command with { Count = count } : command)];
}
