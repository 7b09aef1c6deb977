using System.Text;

namespace Mvx.Sink.Verification;

/// <summary>Writes a program as the C# that makes it.</summary>
internal static class ProgramPrinter
{
    public static string Expression(SinkProgram program)
    {
        var text = new StringBuilder("SinkProgram.Empty");
        if (program.QueueMaxSize is { } limit)
            text.Append($"\n    .WithQueue({limit}, QueueOverflowPolicy.{program.OverflowPolicy})");
        if (program.IsScheduled)
            text.Append("\n    .Scheduled()");
        foreach (SinkCommand command in program.Prefix)
            text.Append("\n    ").Append(command);
        foreach (IReadOnlyList<SinkCommand> branch in program.Branches)
            text.Append("\n    .Branch(b => b").AppendJoin("", branch).Append(')');
        return text.ToString();
    }

    public static string Test(SinkProgram program, string specification) =>
        $"new {specification}().Replay({Expression(program)});";
}
