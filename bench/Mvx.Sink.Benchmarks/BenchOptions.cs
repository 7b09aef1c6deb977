using System.Globalization;

namespace Mvx.Sink.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        Mvx.Sink.Benchmarks [--only log,paced,refused,lifecycle,memory,idle,file,ilogger] [--rounds N] [--quick] [--out DIR] [--bdn [BenchmarkDotNet arguments]]
        """;

    /// <summary>The workloads to run; empty: all.</summary>
    public IReadOnlySet<string> Only { get; init; } = new HashSet<string>(StringComparer.Ordinal);

    public int Rounds { get; init; } = 9;

    /// <summary>A tenth of the work, three rounds: to see that it runs, not to quote.</summary>
    public bool Quick { get; init; }

    public string? Out { get; init; }

    public bool Wants(string workload) => Only.Count == 0 || Only.Contains(workload);

    public static BenchOptions Parse(string[] args, IReadOnlyCollection<string> known)
    {
        var options = new BenchOptions();
        bool roundsGiven = false;
        for (int i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--only":
                    options = options with { Only = Names(Value(args, ref i), known) };
                    break;
                case "--rounds":
                    options = options with { Rounds = Count("--rounds", Value(args, ref i)) };
                    roundsGiven = true;
                    break;
                case "--quick":
                    options = options with { Quick = true };
                    break;
                case "--out":
                    options = options with { Out = Value(args, ref i) };
                    break;
                case "--bdn":
                    throw new ArgumentException($"--bdn must come first: what follows it is BenchmarkDotNet's.{Environment.NewLine}{Usage}");
                default:
                    throw new ArgumentException($"\"{args[i]}\" is not an option.{Environment.NewLine}{Usage}");
            }
        }

        return options.Quick && !roundsGiven ? options with { Rounds = 3 } : options;
    }

    private static HashSet<string> Names(string list, IReadOnlyCollection<string> known)
    {
        HashSet<string> names = list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0)
            throw new ArgumentException($"--only names no workload; there are {string.Join(", ", known)}.");
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw new ArgumentException($"There is no workload \"{unknown}\"; there are {string.Join(", ", known)}.");
        return names;
    }

    private static int Count(string option, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count > 0
            ? count
            : throw new ArgumentException($"{option} is \"{value}\"; it must be a whole number of at least 1.");

    private static string Value(string[] args, ref int i) =>
        ++i < args.Length && args[i].Length > 0 ? args[i] : throw new ArgumentException($"{args[i - 1]} needs a value.{Environment.NewLine}{Usage}");
}
