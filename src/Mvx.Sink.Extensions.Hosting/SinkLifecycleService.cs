using Microsoft.Extensions.Hosting;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>Starts the sinks in the phase before the hosted services' start, and stops them in the phase after their stop.</summary>
internal sealed class SinkLifecycleService(MvxSinkHost sinks) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => sinks.StartAsync(cancellationToken);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => sinks.StopAsync(cancellationToken);
}
