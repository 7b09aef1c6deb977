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
    public void Every_document_links_to_files_that_exist()
    {
        IEnumerable<string> documents = Directory.EnumerateFiles(Repository.Root, "*.md").Concat(Repository.Files("docs", "*.md"));
        foreach (string document in documents)
        {
            string folder = Path.GetDirectoryName(document)!;
            IEnumerable<string> targets = LinkPattern().Matches(File.ReadAllText(document)).Select(static match => match.Groups["target"].Value);
            foreach (string target in targets.Where(static target => !target.Contains("://", StringComparison.Ordinal)))
                Assert.True(Path.Exists(Path.Combine(folder, target)), $"{Path.GetRelativePath(Repository.Root, document)} links to {target}, which is not there.");
        }
    }

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

    [GeneratedRegex(@"\]\((?<target>[^)#]+)(#[^)]*)?\)", RegexOptions.CultureInvariant)]
    private static partial Regex LinkPattern();
}
