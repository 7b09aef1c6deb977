using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsHosting;

/// <summary>The first check already tells that a dispatch is stuck: the sink knows since when.</summary>
public sealed class StuckDispatchTests : IDisposable
{
    private readonly ManualTime _time = new();
    private readonly SinkRegistry _registry = new();
    private readonly GatedHook _gate = new();

    public void Dispose()
    {
        _gate.Open();
        _registry.Dispose();
    }

    [Fact]
    public async Task O4_A_dispatch_that_awaits_for_too_long_degrades_at_the_first_check()
    {
        var check = new MvxSinkHealthCheck(_registry);
        ScriptedSink sink = Configure();
        sink.Dispatching = (_, token) => _gate.Deaf(token);
        sink.Log("a");
        _gate.WaitUntilEntered();
        _time.Advance(TimeSpan.FromSeconds(31));
        HealthCheckResult result = await CheckAsync(check);
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("1 events are pending and none has been finished for 31 s", result.Description, StringComparison.Ordinal);
        _gate.Open();
        await sink.FlushAsync().AsTask().Within();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(check)).Status);
    }

    [Fact]
    public async Task O4_So_does_one_that_blocks_after_others_that_did_not()
    {
        var check = new MvxSinkHealthCheck(_registry);
        ScriptedSink sink = Configure();
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var hold = new ManualResetEventSlim();
        sink.Dispatching = (item, _) =>
        {
            if (item == "0")
                hold.Wait(CancellationToken.None);
            if (item == "5")
            {
                _time.Advance(TimeSpan.FromHours(1));
                entered.Set();
                release.Wait(CancellationToken.None);
            }

            return ValueTask.CompletedTask;
        };
        for (int i = 0; i < 10; i++)
            sink.Log($"{i}");
        _time.Advance(TimeSpan.FromHours(1));
        hold.Set();
        Assert.True(entered.Wait(Patience.Bound));
        _time.Advance(TimeSpan.FromMinutes(1));
        HealthCheckResult result = await CheckAsync(check);
        release.Set();
        Assert.Contains("5 events are pending and none has been finished for 3660 s", result.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task O4_A_batch_that_reports_progress_is_not_stuck()
    {
        ScriptedSink sink = Configure(new SinkOptions { MaxBatchSize = 10, TimeProvider = _time });
        var check = new MvxSinkHealthCheck(_registry); // after the sink: those there are count too
        using var hold = new ManualResetEventSlim();
        sink.Dispatching = (item, token) =>
        {
            if (item == "first")
                hold.Wait(CancellationToken.None);
            return item == "2" ? _gate.Deaf(token) : Advance(TimeSpan.FromSeconds(20));
        };
        sink.Log("first");
        Patience.Until(() => sink.Threads.Count == 3, "The first is in dispatch, alone"); // two are of the start
        sink.Log("0");
        sink.Log("1");
        sink.Log("2");
        sink.Log("3");
        hold.Set();
        _gate.WaitUntilEntered();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(check)).Status);
        _time.Advance(TimeSpan.FromSeconds(40));
        Assert.Contains("none has been finished for 40 s", (await CheckAsync(check)).Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task O4_The_services_check_knows_it_although_it_is_made_by_the_first_check()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddMvxSinks().AddSink("stuck", _ => new ScriptedSink(new SinkOptions { TimeProvider = _time }) { Dispatching = (_, token) => _gate.Obedient(token) }).Services
            .AddHealthChecks().AddMvxSinks().Services
            .BuildServiceProvider();
        var sink = (ScriptedSink)await services.GetRequiredService<MvxSinkHost>().GetAsync("stuck").Within();
        sink.Log("a");
        _gate.WaitUntilEntered();
        _time.Advance(TimeSpan.FromSeconds(30));
        HealthReport report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Degraded, report.Status);
        Assert.Contains("none has been finished for 30 s", report.Entries["mvx-sinks"].Description, StringComparison.Ordinal);
        _gate.Open();
    }

    private ValueTask Advance(TimeSpan by)
    {
        _time.Advance(by);
        return ValueTask.CompletedTask;
    }

    private ScriptedSink Configure(SinkOptions? options = null) => _registry.Configure(
        "stuck",
        new SinkDescriptor("scripted", [], []),
        () => SinkRuntime.Create(() => new ScriptedSink(options ?? new SinkOptions { TimeProvider = _time })));

    private static Task<HealthCheckResult> CheckAsync(MvxSinkHealthCheck check) => check.CheckHealthAsync(new HealthCheckContext
    {
        Registration = new HealthCheckRegistration("sinks", check, HealthStatus.Unhealthy, null),
    });
}
