namespace Mvx.Sink.Samples.Monitoring;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments(int Seconds, bool? Live)
{
    public const string Usage = """
        Usage: monitoring [--seconds N] [--live | --plain]

          --seconds N  how long the demonstration takes, 2 to 3600; 15 if not given
          --live       the live view, also where the output is no terminal
          --plain      lines, also on a terminal
        """;

    /// <summary>The arguments, or null with a message where they make no sense.</summary>
    public static Arguments? Parse(string[] args, out string message)
    {
        var arguments = new Arguments(15, null);
        message = Usage;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--seconds" when i + 1 < args.Length && int.TryParse(args[i + 1], out int seconds) && seconds is >= 2 and <= 3600:
                    arguments = arguments with { Seconds = seconds };
                    i++;
                    break;
                case "--seconds":
                    message = "--seconds needs a number from 2 to 3600.";
                    return null;
                case "--live" or "--plain":
                    arguments = arguments with { Live = args[i] == "--live" };
                    break;
                default:
                    message = $"unknown argument \"{args[i]}\".{Environment.NewLine}{Usage}";
                    return null;
            }
        }

        return arguments;
    }
}
