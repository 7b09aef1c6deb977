using System.Text.RegularExpressions;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Docs;

/// <summary>
/// A block of code in a document, and the region of a source file it shows: <c>&lt;!-- snippet: file#name --&gt;</c> above the block, <c>// &lt;name&gt;</c> to
/// <c>// &lt;/name&gt;</c> in the file. Without a file, as in the README, the region is somewhere in tests/Integration/Docs.
/// </summary>
internal sealed partial record Snippet(string Mark, string Code)
{
    private const string DefaultFolder = "tests/Integration/Docs";

    /// <summary>The documents that show code.</summary>
    public static IEnumerable<string> Documents => Directory.EnumerateFiles(Repository.Root, "*.md")
        .Concat(Repository.Files("docs", "*.md"))
        .Where(static path => BlockPattern().IsMatch(Text(path)))
        .Select(static path => Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'))
        .Order(StringComparer.Ordinal);

    /// <summary>The blocks of C# and F# of a document; the mark is empty where there is none.</summary>
    public static IEnumerable<Snippet> In(string document) => BlockPattern().Matches(Repository.Read(document))
        .Select(static match => new Snippet(match.Groups["mark"].Value, match.Groups["code"].Value.TrimEnd('\n')));

    /// <summary>Every region of the sources, by the marks it may be shown under.</summary>
    public static ILookup<string, string> Regions { get; } = Repository.Files("tests/Integration", "*.cs")
        .Concat(Repository.Files("samples", "*.cs"))
        .Concat(Repository.Files("samples", "*.fs"))
        .SelectMany(static path => RegionsOf(Path.GetRelativePath(Repository.Root, path).Replace('\\', '/')))
        .ToLookup(static region => region.Mark, static region => region.Code, StringComparer.Ordinal);

    /// <summary>Puts the text of the regions into the blocks of a document.</summary>
    public static void Update(string document) => File.WriteAllText(Repository.PathOf(document), BlockPattern().Replace(Repository.Read(document), static match =>
    {
        Group code = match.Groups["code"];
        string? region = Regions[match.Groups["mark"].Value].SingleOrDefault();
        return region is null ? match.Value : $"{match.Value[..(code.Index - match.Index)]}{region}\n{match.Value[(code.Index - match.Index + code.Length)..]}";
    }));

    private static IEnumerable<Snippet> RegionsOf(string file) => RegionPattern().Matches(Repository.Read(file))
        .Select(match => new Snippet(
            file.StartsWith(DefaultFolder, StringComparison.Ordinal) ? match.Groups["name"].Value : $"{file}#{match.Groups["name"].Value}",
            Dedent(match.Groups["code"].Value)));

    private static string Dedent(string code)
    {
        string[] lines = code.TrimEnd('\n', ' ').Split('\n');
        int indentation = lines.Where(static line => line.Trim().Length > 0).Min(static line => line.Length - line.TrimStart().Length);
        return string.Join('\n', lines.Select(line => line.Length < indentation ? "" : line[indentation..]));
    }

    private static string Text(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^[ ]*// <(?<name>[a-z0-9-]+)>\n(?<code>.*?)^[ ]*// </\k<name>>$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex RegionPattern();

    [GeneratedRegex(@"(<!-- snippet: (?<mark>\S+) -->\n)?^```(csharp|fsharp)\n(?<code>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex BlockPattern();
}
