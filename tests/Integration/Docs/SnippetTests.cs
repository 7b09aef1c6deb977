using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Docs;

/// <summary>The code that the documents show is code that is compiled and run.</summary>
public sealed class SnippetTests
{
    private static readonly Lock _updating = new();

    public static TheoryData<string> Documents => [.. Snippet.Documents];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Every_code_block_of_a_document_is_the_text_of_a_region(string document)
    {
        if (Environment.GetEnvironmentVariable("MVX_SINK_UPDATE_DOCS") == "1")
        {
            lock (_updating)
                Snippet.Update(document);
        }

        Assert.All(Snippet.In(document), snippet =>
        {
            Assert.True(snippet.Mark.Length > 0, $"No <!-- snippet: file#name --> above:\n{snippet.Code}");
            string[] regions = [.. Snippet.Regions[snippet.Mark]];
            Assert.True(regions.Length == 1, $"{regions.Length} regions are \"{snippet.Mark}\".");
            Assert.Equal(regions[0], snippet.Code);
        });
    }

    [Fact]
    public void Every_region_is_shown_by_one_document()
    {
        IEnumerable<string> shown = Snippet.Documents.SelectMany(Snippet.In).Select(static snippet => snippet.Mark);
        Assert.Equal(Snippet.Regions.Select(static region => region.Key).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_guides_lead_to_one_another_and_the_README_to_all()
    {
        string[] guides = [.. Repository.Files("docs/guide", "*.md").Select(static path => Path.GetFileName(path))];
        string readme = Repository.Read("README.md");
        Assert.All(guides, guide => Assert.Contains($"](docs/guide/{guide})", readme, StringComparison.Ordinal));
        Assert.All(guides, from => Assert.All(
            guides.Where(to => to != from),
            to => Assert.Contains($"]({to})", Repository.Read($"docs/guide/{from}"), StringComparison.Ordinal)));
    }
}
