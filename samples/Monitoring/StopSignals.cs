using System.Runtime.InteropServices;

namespace Mvx.Sink.Samples.Monitoring;

/// <summary>Turns Ctrl-C and a polite kill into a cancellation.</summary>
// <signals>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public StopSignals() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
            registration.Dispose();
        _source.Dispose();
    }

    private void Stop(PosixSignalContext context)
    {
        context.Cancel = true; // the program ends by itself, through its using blocks
        _source.Cancel();
    }
}
// </signals>
