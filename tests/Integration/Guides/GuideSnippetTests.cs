using System.Text.RegularExpressions;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Guides;

/// <summary>Every C# snippet of these guides is the text of a marked region in a source file that is compiled and run.</summary>
public sealed partial class GuideSnippetTests
{
    [Theory]
    [InlineData("docs/guide/aspnetcore.md")]
    [InlineData("docs/guide/serilog.md")]
    public void The_snippets_of_a_guide_are_the_code_that_runs(string guide)
    {
        string text = File.ReadAllText(Repository.PathOf(guide)).ReplaceLineEndings("\n");
        MatchCollection snippets = Snippet().Matches(text);
        Assert.NotEmpty(snippets);
        Assert.Equal(Fence().Count(text), snippets.Count);
        foreach (Match snippet in snippets)
            Assert.Equal(Region(snippet.Groups["file"].Value, snippet.Groups["name"].Value), snippet.Groups["code"].Value);
    }

    private static string Region(string file, string name)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf(file));
        int start = Array.FindIndex(lines, line => line.Trim() == $"// <snippet {name}>");
        Assert.True(start >= 0, $"{file} has no region \"{name}\".");
        int end = Array.FindIndex(lines, start, line => line.Trim() == "// </snippet>");
        string[] region = lines[(start + 1)..end];
        int indent = region.Where(line => line.Trim().Length > 0).Min(line => line.Length - line.TrimStart().Length);
        return string.Join("\n", region.Select(line => line.Length < indent ? "" : line[indent..])) + "\n";
    }

    [GeneratedRegex(@"<!-- snippet: (?<name>[\w-]+), from (?<file>\S+) -->\n```csharp\n(?<code>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Snippet();

    [GeneratedRegex("^```csharp", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 10_000)]
    private static partial Regex Fence();
}
