using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsHosting;

public sealed class SectionFaultTests
{
    [Fact]
    public async Task A_value_that_does_not_parse_hides_no_other_fault_of_its_section() => Assert.Equal(
        [
            "MvxSinks:audit:Depth is \"11\": The field Depth must be between 1 and 10.",
            "MvxSinks:audit:Key is not set; RuledConfig requires it.",
            "MvxSinks:audit:Options:MaxBatchSize",
            "MvxSinks:audit:Options:ReserveCount is 20000, but keeps places of QueueMaxSize, which is 10000: it must be below that.",
        ],
        (await FaultsOf(("Depth", "11"), ("Options:MaxBatchSize", "many"), ("Options:ReserveCount", "20000")))
            .Select(static fault => fault.Contains("MaxBatchSize", StringComparison.Ordinal) ? fault[..fault.IndexOf(": ", StringComparison.Ordinal)] : fault));

    [Fact]
    public async Task A_value_is_not_blamed_for_another_that_could_not_be_had() => Assert.StartsWith(
        "MvxSinks:audit:Options:QueueMaxSize: ",
        Assert.Single(await FaultsOf(("Key", "x"), ("Options:QueueMaxSize", "many"), ("Options:ReserveCount", "20000"))),
        StringComparison.Ordinal);

    [Fact]
    public async Task An_element_that_does_not_parse_is_a_fault() => Assert.Equal(
        ["MvxSinks:audit:Parts:0:Size", "MvxSinks:audit:Parts:1:Sise", "MvxSinks:audit:Ports:1"],
        (await FaultsOf(("Key", "x"), ("Ports:0", "80"), ("Ports:1", "http"), ("Parts:0:Size", "big"), ("Parts:1:Sise", "1"))).Select(static fault => fault.Split(' ')[0].TrimEnd(':')));

    [Fact]
    public async Task What_code_sets_is_not_missed_beside_a_fault_of_the_section() => Assert.StartsWith(
        "MvxSinks:audit:Depth: ",
        Assert.Single(await FaultsOf(config => config! with { Key = "set in code" }, ("Depth", "deep"))),
        StringComparison.Ordinal);

    private static Task<string[]> FaultsOf(params (string Key, string Value)[] section) => FaultsOf(configure: null, section);

    private static async Task<string[]> FaultsOf(Func<RuledConfig?, RuledConfig>? configure, params (string Key, string Value)[] section)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Configuration.AddInMemoryCollection(section.Select(static pair => KeyValuePair.Create($"MvxSinks:audit:{pair.Key}", (string?)pair.Value)));
        builder.Services.AddMvxSinks().AddSink<MemorySink, RuledConfig>("audit", static (_, config) => new MemorySink(new MemorySinkConfig { Key = config.Key }), configure);
        using IHost host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync().Within());
        return [.. error.Failures.Order(StringComparer.Ordinal)];
    }

    private sealed record RuledConfig
    {
        public required string Key { get; init; }

        [Range(1, 10)]
        public int Depth { get; init; } = 1;

        public int[] Ports { get; init; } = [];

        public IReadOnlyList<Part> Parts { get; init; } = [];

        public SinkOptions Options { get; init; } = new();
    }

    private sealed record Part
    {
        public int Size { get; init; }
    }
}
