namespace Mvx.Sink.Quickstart;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(string? Input, bool Follow, string Output)
{
    public const string Usage = """
        Usage: quickstart [PATH | -] [--follow | --once] [--out FILE]

          PATH        the log to read; - is standard input; nothing: this machine's package log
          --follow    goes on with what is added to the log, until Ctrl-C: so it does without a PATH on a terminal
          --once      ends at the end of the log: so it does with a PATH, and where its output goes to a file or a program
          --out FILE  where the events go, one JSON object per line
        """;

    /// <summary>The arguments, or null when only the usage is asked for.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="isInteractive">Whether somebody looks on, who can press Ctrl-C.</param>
    public static Arguments? Parse(string[] args, bool isInteractive)
    {
        string? input = null;
        bool? follow = null;
        string output = Path.Combine(UserFolder(), "quickstart.jsonl");
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "-h" or "--help":
                    return null;
                case "--follow" or "--once":
                    bool asked = args[i] == "--follow";
                    follow = follow is null || follow == asked ? asked : throw new InputException("--follow or --once, please: not both.");
                    break;
                case "--out":
                    output = ++i < args.Length ? args[i] : throw new InputException("--out needs the path of a file.");
                    break;
                case ['-', _, ..] option:
                    throw new InputException($"unknown option \"{option}\".{Environment.NewLine}{Usage}");
                case "":
                    throw new InputException("the path of the log is empty; give that of a text file, or - for standard input.");
                default:
                    input = input is null ? args[i] : throw new InputException($"one log at a time, please: \"{input}\" or \"{args[i]}\".");
                    break;
            }
        }

        return new Arguments(input, follow ?? (input is null && isInteractive), Checked(output));
    }

    /// <summary>One that no other user of the machine has.</summary>
    private static string UserFolder()
    {
        string local = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return local.Length > 0 ? Path.Combine(local, "mvx-sink-quickstart") : Path.Combine(Path.GetTempPath(), $"mvx-sink-quickstart-{Environment.UserName}");
    }

    private static string Checked(string output)
    {
        try
        {
            return new FileSinkConfig { Path = output }.Path;
        }
        catch (ArgumentException error)
        {
            throw new InputException($"--out: {error.Message}", error);
        }
    }
}
