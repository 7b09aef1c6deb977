using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Files;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsHosting;

public sealed class HostingTests
{
    [Fact]
    public async Task Sinks_start_before_the_hosted_services_and_stop_after_them()
    {
        HostApplicationBuilder builder = Builder(("MvxSinks:audit:Key", "order"));
        builder.Services.AddHostedService<Clerk>();
        builder.Services.AddMvxSinks().AddSink<MemorySink, MemorySinkConfig>("audit");
        using IHost host = builder.Build();
        await host.StartAsync().Within();
        var sink = host.Services.GetRequiredService<MvxSinkHost>().Get<MemorySink>("audit");
        await host.StopAsync().Within();
        Assert.Equal(["start: Running", "stop: Running"], sink.Delivered.Select(entry => entry.Name));
        Assert.Equal(SinkState.Stopped, sink.State);
        Assert.Equal(1, sink.Stops);
    }

    [Fact]
    public async Task A_logged_sink_takes_entries_from_before_the_start_to_after_the_stop()
    {
        HostApplicationBuilder builder = Builder(("MvxSinks:audit:Key", "whole-life"), ("Logging:LogLevel:Default", "Information"));
        builder.Logging.AddMvxSink<MemorySink, MemorySinkConfig>("audit");
        builder.Services.AddSingleton<Farewell>();
        IHost host = builder.Build();
        ILogger logger = host.Services.GetRequiredService<ILogger<HostingTests>>();
        host.Services.GetRequiredService<Farewell>();
        logger.LogInformation("before the start");
        await host.StartAsync().Within();
        logger.LogInformation("running");
        MemorySink sink = host.Services.GetRequiredService<MvxSinkHost>().Get<MemorySink>("audit");
        await host.StopAsync().Within();
        Assert.Equal(SinkState.Stopped, sink.State);
        logger.LogInformation("after the stop");
        host.Dispose();
        string[] mine = [.. sink.Delivered.Where(entry => entry.Namespace!.StartsWith("Mvx", StringComparison.Ordinal)).Select(entry => entry.Message!)];
        Assert.Equal(["before the start", "running", "after the stop", "farewell"], mine);
        Assert.Equal(0, sink.Ledger.Rejected + sink.Ledger.Dropped + sink.Ledger.Undelivered);
    }

    [Fact]
    public async Task An_unknown_key_is_found_at_every_depth()
    {
        HostApplicationBuilder builder = Builder(
            ("MvxSinks:audit:Path", "/nowhere/audit.json"),
            ("MvxSinks:audit:Options:QueueMaxSise", "5"));
        builder.Services.AddMvxSinks().AddSink<FileSink, FileSinkConfig>("audit");
        using IHost host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync().Within());
        Assert.Contains("MvxSinks:audit:Options:QueueMaxSise is \"5\", but SinkOptions has no \"QueueMaxSise\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_faulty_configuration_stops_the_start_and_the_message_names_section_key_and_value()
    {
        HostApplicationBuilder builder = Builder(
            ("MvxSinks:audit:QueueMaxSize", "many"),
            ("MvxSinks:small:Key", "small"),
            ("MvxSinks:small:QueueMaxSize", "0"),
            ("MvxSinks:typo:Key", "typo"),
            ("MvxSinks:typo:QueuMaxSize", "5"),
            ("MvxSinks:keyless:QueueMaxSize", "5"),
            ("MvxSinks:nobody:Key", "x"));
        MvxSinksBuilder sinks = builder.Services.AddMvxSinks();
        foreach (string name in new[] { "audit", "small", "typo", "keyless", "absent" })
            sinks.AddSink<MemorySink, MemorySinkConfig>(name);
        using IHost host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync().Within());
        string[] failures = [.. error.Failures];
        Assert.Contains(failures, failure => failure.Contains("MvxSinks:audit:QueueMaxSize", StringComparison.Ordinal) && failure.Contains("'many'", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains("MvxSinks:audit:Key is not set", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains("MvxSinks:small", StringComparison.Ordinal) && failure.Contains("QueueMaxSize is \"0\"", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains("MvxSinks:typo:QueuMaxSize is \"5\"", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains("MvxSinks:keyless:Key is not set", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains("MvxSinks:absent is missing", StringComparison.Ordinal));
        Assert.Contains(failures, failure => failure.Contains("MvxSinks:nobody configures no sink", StringComparison.Ordinal));
        Assert.Equal(7, failures.Length);
        Assert.Empty(host.Services.GetRequiredService<SinkRegistry>().Names);
    }

    [Fact]
    public async Task All_faults_of_one_section_are_told_at_once()
    {
        HostApplicationBuilder builder = Builder(
            ("MvxSinks:audit:Path", "/nowhere/audit.json"),
            ("MvxSinks:audit:Options:QueueMaxSize", "0"),
            ("MvxSinks:audit:Options:ReserveCount", "-1"),
            ("MvxSinks:audit:Options:OverflowPolicy", "Explode"),
            ("MvxSinks:audit:Options:StopBudget", "soon"),
            ("MvxSinks:audit:Options:QueueMaxSise", "5"));
        builder.Services.AddMvxSinks().AddSink<FileSink, FileSinkConfig>("audit");
        using IHost host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync().Within());
        string[] failures = [.. error.Failures];
        Assert.Equal(5, failures.Length);
        foreach (string key in (string[])["QueueMaxSize is \"0\"", "ReserveCount is \"-1\"", "OverflowPolicy: ", "StopBudget: ", "QueueMaxSise is \"5\""])
            Assert.Contains(failures, failure => failure.StartsWith($"MvxSinks:audit:Options:{key}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reserve_that_leaves_no_place_is_a_fault_of_the_configuration()
    {
        HostApplicationBuilder builder = Builder(
            ("MvxSinks:audit:Path", "/nowhere/audit.json"),
            ("MvxSinks:audit:Options:QueueMaxSize", "10"),
            ("MvxSinks:audit:Options:ReserveCount", "10"),
            ("MvxSinks:other:Path", "/nowhere/other.json"),
            ("MvxSinks:other:Options:QueueMaxSize", "0"));
        builder.Services.AddMvxSinks().AddSink<FileSink, FileSinkConfig>("audit").AddSink<FileSink, FileSinkConfig>("other");
        using IHost host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync().Within());
        Assert.Equal(2, error.Failures.Count());
        Assert.Contains("MvxSinks:audit:Options:ReserveCount is 10, but keeps places of QueueMaxSize, which is 10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sink_that_does_not_start_stops_the_host_from_starting()
    {
        MemorySink.WhenStarting("broken", _ => throw new IOException("disk full"));
        HostApplicationBuilder builder = Builder();
        builder.Services.AddMvxSinks().AddSink<MemorySink, MemorySinkConfig>("audit", _ => new MemorySinkConfig { Key = "broken" });
        using IHost host = builder.Build();
        var error = await Assert.ThrowsAsync<SinkCreationException>(() => host.StartAsync().Within());
        Assert.Contains("\"audit\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("disk full", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Sinks_are_keyed_services_and_may_be_constructed_from_services()
    {
        HostApplicationBuilder builder = Builder(("MvxSinks:configured:Key", "from-section"));
        builder.Services.AddSingleton(new MemorySinkConfig { Key = "from-services" });
        builder.Services.AddMvxSinks()
            .AddSink<MemorySink>("given")
            .AddSink("numbers", _ => new TypedSink<int>())
            .AddSink<MemorySink, MemorySinkConfig>("configured", (services, config) => new MemorySink(config with { Key = $"{config.Key}+{services.GetRequiredService<MemorySinkConfig>().Key}" }));
        using IHost host = builder.Build();
        await host.StartAsync().Within();
        var given = host.Services.GetRequiredKeyedService<MemorySink>("given");
        Assert.Same(given, host.Services.GetRequiredKeyedService<ISink<LogEvent>>("given"));
        Assert.Equal("from-services", given.Config.Key);
        Assert.Same(host.Services.GetRequiredKeyedService<TypedSink<int>>("numbers"), host.Services.GetRequiredKeyedService<ISink<int>>("numbers"));
        Assert.Equal("from-section+from-services", host.Services.GetRequiredKeyedService<MemorySink>("configured").Config.Key);
        Assert.True(host.Services.GetRequiredService<SinkRegistry>().TryGet("given", out MemorySink? same));
        Assert.Same(given, same);
        Assert.Equal(["given", "numbers", "configured"], host.Services.GetRequiredService<SinkRegistry>().Names);
        await host.StopAsync().Within();
    }

    [Fact]
    public async Task A_backend_that_hangs_does_not_hold_the_stop_beyond_the_shutdown_time()
    {
        HostApplicationBuilder builder = Builder(("MvxSinks:audit:Key", "hung"));
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromMilliseconds(300));
        builder.Services.AddMvxSinks().AddSink<MemorySink, MemorySinkConfig>("audit");
        IHost host = builder.Build();
        await host.StartAsync().Within();
        MemorySink sink = host.Services.GetRequiredService<MvxSinkHost>().Get<MemorySink>("audit");
        var hung = new TaskCompletionSource();
        sink.Dispatching = async (_, _) => await hung.Task;
        sink.Log(LogEvent.Create(LogEventLevel.Information, "a"));
        sink.Log(LogEvent.Create(LogEventLevel.Information, "b"));
        Exception error = await Assert.ThrowsAnyAsync<Exception>(() => host.StopAsync().Within());
        TimeoutException timeout = Assert.IsType<TimeoutException>(error is AggregateException all ? all.InnerExceptions[0] : error);
        Assert.Contains("\"audit\"", timeout.Message, StringComparison.Ordinal);
        Assert.Contains("pending 2", timeout.Message, StringComparison.Ordinal);

        // What the backend ignored is given up, and disposing does not throw.
        host.Dispose();
        Assert.Equal(2, sink.Ledger.Undelivered);
        Assert.Equal(0, sink.Ledger.Pending);
        hung.SetResult();
    }

    [Fact]
    public void A_malformed_name_is_refused_at_once() =>
        Assert.Throws<ArgumentException>(() => new ServiceCollection().AddMvxSinks().AddSink<MemorySink, MemorySinkConfig>("a b"));

    private static HostApplicationBuilder Builder(params (string Key, string Value)[] settings)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        Microsoft.Extensions.Configuration.MemoryConfigurationBuilderExtensions.AddInMemoryCollection(
            builder.Configuration,
            settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        return builder;
    }

    private sealed class Clerk(MvxSinkHost sinks) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken) => Tell("start");

        public Task StopAsync(CancellationToken cancellationToken) => Tell("stop");

        private Task Tell(string what)
        {
            MemorySink sink = sinks.Get<MemorySink>("audit");
            sink.Log(LogEvent.Create(LogEventLevel.Information, $"{what}: {sink.State}"));
            return Task.CompletedTask;
        }
    }

    private sealed class Farewell(ILogger<HostingTests> logger) : IDisposable
    {
        public void Dispose() => logger.LogInformation("farewell");
    }
}
