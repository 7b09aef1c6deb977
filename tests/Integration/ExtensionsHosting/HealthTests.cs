using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsHosting;

public sealed class HealthTests : IDisposable
{
    private readonly SinkRegistry _registry = new();
    private readonly ManualClock _clock = new();
    private readonly MvxSinkHealthCheck _check;
    private readonly MemorySink _sink;

    public HealthTests()
    {
        _sink = _registry.Configure<MemorySink, MemorySinkConfig>("audit", new MemorySinkConfig { Key = "health", QueueMaxSize = 3, DropWhenFull = true });
        _check = new MvxSinkHealthCheck(_registry, new MvxSinkHealthOptions
        {
            TimeProvider = _clock,
            PendingThreshold = 2,
            StuckAfter = TimeSpan.FromSeconds(30),
            RecentLoss = TimeSpan.FromMinutes(5),
        });
    }

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task A_sink_at_work_is_healthy_and_the_data_has_its_ledger()
    {
        _sink.Log(LogEvent.Create(LogEventLevel.Information, "a"));
        await _sink.FlushAsync().AsTask().Within();
        HealthCheckResult result = await CheckAsync();
        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Contains("delivered 1", (string)result.Data["audit"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failed_sink_is_unhealthy()
    {
        _sink.Dispatching = (_, _) => throw new IOException("disk");
        Task<SinkLifecycleEvent> failed = Observed.FirstAsync(_sink.Lifecycle, change => change.To == SinkState.Failure);
        _sink.Log(LogEvent.Create(LogEventLevel.Information, "a"));
        await failed;
        HealthCheckResult result = await CheckAsync();
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("disk", result.Description, StringComparison.Ordinal);
        Assert.Same(_sink.LastError, result.Exception);
    }

    [Fact]
    public async Task A_cancelled_sink_is_what_the_registration_says()
    {
        _sink.Dispatching = (_, _) => throw new OperationCanceledException("given up");
        Task<SinkLifecycleEvent> cancelled = Observed.FirstAsync(_sink.Lifecycle, change => change.To == SinkState.Cancelled);
        _sink.Log(LogEvent.Create(LogEventLevel.Information, "a"));
        await cancelled;
        Assert.Equal(HealthStatus.Unhealthy, (await CheckAsync()).Status);
        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(HealthStatus.Degraded)).Status);
    }

    [Fact]
    public async Task A_sink_whose_figures_cannot_be_had_is_unhealthy_and_hides_no_other()
    {
        _registry.Configure("broken", new SinkDescriptor("broken", [], []), () => SinkRuntime.Create(static () => new BrokenLedger().OnThisLoop()));
        HealthCheckResult result = await CheckAsync();
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("\"broken\" cannot be looked at: no ledger", result.Description, StringComparison.Ordinal);
        Assert.IsType<NotSupportedException>(result.Exception);
        Assert.Contains("audit", result.Data.Keys);
    }

    [Fact]
    public async Task A_loss_degrades_for_a_while_and_a_full_queue_as_long_as_it_is_full()
    {
        using var hold = new ManualResetEventSlim();
        Hold(hold);
        for (int i = 0; i < 4; i++)
            _sink.Log(LogEvent.Create(LogEventLevel.Information, "a"));
        HealthCheckResult result = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("lost 1", result.Description, StringComparison.Ordinal);
        Assert.Contains("3 events are pending", result.Description, StringComparison.Ordinal);
        hold.Set();
        await _sink.FlushAsync().AsTask().Within();
        _clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Contains("lost 1", (await CheckAsync()).Description, StringComparison.Ordinal);
        _clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
    }

    [Fact]
    public async Task A_stuck_dispatch_degrades_until_something_moves()
    {
        using var hold = new ManualResetEventSlim();
        Hold(hold);
        _sink.Log(LogEvent.Create(LogEventLevel.Information, "a"));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
        _clock.Advance(TimeSpan.FromSeconds(1));
        HealthCheckResult result = await CheckAsync();
        Assert.Equal(HealthStatus.Degraded, result.Status);
        Assert.Contains("none has been finished for 30 s", result.Description, StringComparison.Ordinal);
        hold.Set();
        await _sink.FlushAsync().AsTask().Within();
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync()).Status);
    }

    [Fact]
    public async Task The_check_is_had_from_the_services()
    {
        await using ServiceProvider services = new ServiceCollection()
            .AddLogging()
            .AddMvxSinks().AddSink<MemorySink, MemorySinkConfig>("audit", _ => new MemorySinkConfig { Key = "health-services" }).Services
            .AddHealthChecks().AddMvxSinks().Services
            .BuildServiceProvider();
        await services.GetRequiredService<MvxSinkHost>().GetAsync("audit").Within();
        HealthReport report = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains("audit", report.Entries["mvx-sinks"].Data.Keys);
    }

    private void Hold(ManualResetEventSlim hold) => _sink.Dispatching = (_, _) =>
    {
        hold.Wait(CancellationToken.None);
        return ValueTask.CompletedTask;
    };

    private Task<HealthCheckResult> CheckAsync(HealthStatus failureStatus = HealthStatus.Unhealthy) => _check.CheckHealthAsync(new HealthCheckContext
    {
        Registration = new HealthCheckRegistration("sinks", _check, failureStatus, null),
    });

    private sealed class BrokenLedger : ISinkLifecycle
    {
        private readonly Lazy<ScriptedSink> _inner = new(static () => new ScriptedSink());

        public SinkState State => _inner.Value.State;

        public SinkException? LastError => _inner.Value.LastError;

        public SinkLedger Ledger => throw new NotSupportedException("no ledger");

        public IObservable<SinkLifecycleEvent> Lifecycle => _inner.Value.Lifecycle;

        public BrokenLedger OnThisLoop()
        {
            _ = _inner.Value;
            return this;
        }

        public SinkWaitHandle Start() => _inner.Value.Start();

        public SinkWaitHandle Stop() => _inner.Value.Stop();
    }
}
