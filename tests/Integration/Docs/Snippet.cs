using System.Text.RegularExpressions;

namespace Mvx.Sink.Integration.Docs;

/// <summary>Code that a document shows and a test compiles: a region here, a fenced block there.</summary>
internal static partial class Snippet
{
    /// <summary>The regions <c>// &lt;name&gt;</c> to <c>// &lt;/name&gt;</c> of a source text, without their common indentation.</summary>
    public static IEnumerable<(string Name, string Code)> Regions(string source) =>
        RegionPattern().Matches(source).Select(static match => (match.Groups["name"].Value, Dedent(match.Groups["code"].Value)));

    /// <summary>The C# blocks of a Markdown text, each with the name in the comment above it; empty where there is none.</summary>
    public static IEnumerable<(string Name, string Code)> Fences(string markdown) =>
        FencePattern().Matches(markdown).Select(static match => (match.Groups["name"].Value, match.Groups["code"].Value.TrimEnd('\n')));

    private static string Dedent(string code)
    {
        string[] lines = code.TrimEnd('\n', ' ').Split('\n');
        int indentation = lines.Where(static line => line.Trim().Length > 0).Min(static line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length < indentation ? "" : line[indentation..]));
    }

    [GeneratedRegex(@"^[ ]*// <(?<name>[a-z-]+)>\n(?<code>.*?)^[ ]*// </\k<name>>$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex RegionPattern();

    [GeneratedRegex(@"(<!-- snippet: (?<name>[a-z-]+) -->\n)?^```csharp\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex FencePattern();
}
