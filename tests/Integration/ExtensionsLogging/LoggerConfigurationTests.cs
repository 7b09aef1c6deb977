using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Extensions.Logging;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsLogging;

public sealed class LoggerConfigurationTests
{
    [Fact]
    public async Task Faults_of_the_loggers_section_stop_the_start_with_all_others()
    {
        HostApplicationBuilder builder = Builder(
            ("MvxSinks:audit:Key", "logger-faults"),
            ("MvxSinks:audit:QueueMaxSize", "many"),
            ("Logging:MvxSink:LogLevel:Default", "Information"),
            ("Logging:MvxSink:audit:IncludScopes", "true"),
            ("Logging:MvxSink:audit:MinimumLevel", "Loud"),
            ("Logging:MvxSink:audit:LogLevel:Shop", "Quiet"),
            ("Logging:MvxSink:audit:EarlyEntryLimit", "5"),
            ("Logging:MvxSink:audti:IncludeScopes", "true"));
        builder.Logging.AddMvxSink<MemorySink, MemorySinkConfig>("audit").AddMvxSink<MemorySink, MemorySinkConfig>("ship", o => o.Config = new MemorySinkConfig { Key = "logger-ship" });
        using IHost host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync().Within());
        string[] failures = [.. error.Failures.Order(StringComparer.Ordinal)];
        Assert.Equal(5, failures.Length);
        Assert.Equal(
            "Logging:MvxSink:audit:IncludScopes is \"true\", but a sink's logger has no \"IncludScopes\"; it has MinimumLevel, IncludeScopes, Reentrancy, ReentrancyScope, EarlyEntryLimit, LogLevel.",
            failures[0]);
        Assert.Equal("Logging:MvxSink:audit:LogLevel:Shop is \"Quiet\"; it must be one of Trace, Debug, Information, Warning, Error, Critical, None.", failures[1]);
        Assert.Equal("Logging:MvxSink:audit:MinimumLevel is \"Loud\"; it must be one of Trace, Debug, Information, Warning, Error, Critical, None.", failures[2]);
        Assert.Equal("Logging:MvxSink:audti is a section, but no sink \"audti\" is logged to; here stand LogLevel and the sinks audit, ship.", failures[3]);
        Assert.StartsWith("MvxSinks:audit:QueueMaxSize", failures[4], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_host_the_sink_is_not_created_with_a_faulty_section()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["MvxSink:audit:IncludScopes"] = "true" }).Build();
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging(builder => builder.AddConfiguration(configuration).AddMvxSink<MemorySink, MemorySinkConfig>("audit", o => o.Config = new MemorySinkConfig { Key = "no-host-faults" }))
            .BuildServiceProvider();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => services.GetRequiredService<MvxSinkHost>().GetAsync("audit").Within());
        Assert.Contains("IncludScopes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_sink_has_levels_of_its_own_among_what_the_filters_let_through()
    {
        HostApplicationBuilder builder = Builder(
            ("Logging:LogLevel:Default", "Trace"),
            ("Logging:MvxSink:LogLevel:Noisy", "Error"),
            ("Logging:MvxSink:audit:LogLevel:Default", "Warning"),
            ("Logging:MvxSink:audit:LogLevel:Shop", "Information"),
            ("Logging:MvxSink:audit:LogLevel:Shop.Bills", "None"),
            ("Logging:MvxSink:all:IncludeScopes", "false"));
        foreach (string name in (string[])["audit", "all"])
            builder.Logging.AddMvxSink<MemorySink, MemorySinkConfig>(name, o => o.Config = new MemorySinkConfig { Key = $"levels-{name}" });
        using IHost host = builder.Build();
        await host.StartAsync().Within();
        ILoggerFactory factory = host.Services.GetRequiredService<ILoggerFactory>();
        foreach (string category in (string[])["Shop.Orders", "Shop.Bills.Late", "Other", "Noisy"])
        {
            foreach (LogLevel level in (LogLevel[])[LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error])
                factory.CreateLogger(category).Log(level, "{Category} {Level}", category, level);
        }

        string[] audit = await MessagesAsync(host, "audit");
        string[] all = await MessagesAsync(host, "all");
        Assert.Equal(["Shop.Orders Information", "Shop.Orders Warning", "Shop.Orders Error", "Other Warning", "Other Error", "Noisy Error"], audit);
        Assert.Equal(13, all.Length);
        await host.StopAsync().Within();
    }

    [Theory]
    [InlineData("Shop.Orders", LogLevel.Debug)]
    [InlineData("shop.orders.late", LogLevel.Debug)]
    [InlineData("Shop", LogLevel.Error)]
    [InlineData("Bank.Audit", LogLevel.Critical)]
    [InlineData("Bank.Audit.More", LogLevel.Warning)]
    [InlineData("", LogLevel.Warning)]
    public void The_longest_pattern_that_fits_counts(string category, LogLevel expected)
    {
        var filter = new CategoryFilter(LogLevel.Trace, new Dictionary<string, LogLevel>
        {
            ["Default"] = LogLevel.Warning,
            ["Shop"] = LogLevel.Error,
            ["Shop.Orders"] = LogLevel.Debug,
            ["Bank*Audit"] = LogLevel.Critical,
        });
        Assert.Equal(expected, filter.LevelOf(category));
        Assert.Equal(LogLevel.Critical, new CategoryFilter(LogLevel.Critical, []).LevelOf(category));
    }

    private static async Task<string[]> MessagesAsync(IHost host, string name)
    {
        MemorySink sink = host.Services.GetRequiredService<MvxSinkHost>().Get<MemorySink>(name);
        await sink.FlushAsync().AsTask().Within();
        return [.. sink.Delivered.Where(static entry => entry.Payload.ContainsKey("Category")).Select(static entry => entry.Message!)];
    }

    private static HostApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
        return builder;
    }
}
