using System.Text.RegularExpressions;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Docs;

/// <summary>docs/spec.md says what the model does.</summary>
public sealed partial class SpecificationTests
{
    private static readonly Lock _updating = new();

    [Fact]
    public void The_table_of_what_callers_meet_is_the_models() => IsInTheSpecification("callers", LifecycleTable.OfCallers());

    [Fact]
    public void The_table_of_lifecycle_steps_is_the_models() => IsInTheSpecification("steps", LifecycleTable.OfSteps());

    [Fact]
    public void The_error_codes_are_the_models()
    {
        IEnumerable<string> rows = Enum.GetValues<SinkErrorReason>().Select(static reason => $"| `{reason}` | `{SinkErrorReasons.Code(reason)}` |");
        string specification = Repository.Read("docs/spec.md");
        Assert.All(rows, row => Assert.Contains(row, specification, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_document_links_to_files_and_headings_that_exist()
    {
        IEnumerable<string> documents = Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Repository.Files("docs", "*.md"));
        foreach (string document in documents)
        {
            IEnumerable<string> targets = LinkPattern().Matches(File.ReadAllText(document)).Select(static match => match.Groups["target"].Value);
            foreach (string target in targets.Where(static target => !target.Contains("://", StringComparison.Ordinal)))
                Assert.True(Leads(document, target), $"{Path.GetRelativePath(Repository.Root, document)} links to {target}, which is not there.");
        }
    }

    /// <summary>Whether a link leads to a file and, where it names one, to a heading in it.</summary>
    private static bool Leads(string document, string target)
    {
        string[] parts = target.Split('#');
        string path = parts[0].Length == 0 ? document : Path.Combine(Path.GetDirectoryName(document)!, parts[0]);
        return Path.Exists(path)
            && (parts.Length == 1 || File.ReadLines(path).Where(static line => line.StartsWith('#')).Any(line => AnchorOf(line) == parts[1]));
    }

    private static string AnchorOf(string heading) =>
        NoAnchorPattern().Replace(heading.TrimStart('#').Trim().ToLowerInvariant(), "").Replace(' ', '-');

    private static void IsInTheSpecification(string table, IEnumerable<string> rows)
    {
        string[] expected = [.. rows];
        if (Environment.GetEnvironmentVariable("MVX_SINK_UPDATE_DOCS") == "1")
            Update(table, expected);
        string specification = Repository.Read("docs/spec.md");
        string begin = $"<!-- table: {table} -->\n";
        int start = specification.IndexOf(begin, StringComparison.Ordinal);
        int end = specification.IndexOf("<!-- /table -->", Math.Max(0, start), StringComparison.Ordinal);
        Assert.True(start >= 0 && end > start, $"docs/spec.md has no {begin.Trim()} ... <!-- /table -->");
        string[] actual = specification[(start + begin.Length)..end].TrimEnd('\n').Split('\n');
        Assert.True(
            expected.SequenceEqual(actual),
            $"The table \"{table}\" of docs/spec.md is not the model's. Missing:\n{string.Join('\n', expected.Except(actual))}\nWrong:\n{string.Join('\n', actual.Except(expected))}\nThe whole table:\n{string.Join('\n', expected)}");
    }

    private static void Update(string table, string[] rows)
    {
        lock (_updating)
        {
            string specification = Repository.Read("docs/spec.md");
            string begin = $"<!-- table: {table} -->\n";
            int start = specification.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
            int end = specification.IndexOf("<!-- /table -->", start, StringComparison.Ordinal);
            File.WriteAllText(Path.Combine(Repository.Root, "docs/spec.md"), $"{specification[..start]}{string.Join('\n', rows)}\n{specification[end..]}");
        }
    }

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.CultureInvariant)]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"[^\w\- ]", RegexOptions.CultureInvariant)]
    private static partial Regex NoAnchorPattern();
}
