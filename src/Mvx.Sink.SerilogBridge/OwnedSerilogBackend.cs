using Serilog.Core;
using Serilog.Debugging;

namespace Mvx.Sink.SerilogBridge;

/// <summary>A <see cref="SerilogBackend"/> inside a Serilog pipeline, which ends it.</summary>
internal sealed class OwnedSerilogBackend(ManagedSink<SerilogBackend> managed) : ILogEventSink, IDisposable
{
    public void Emit(Serilog.Events.LogEvent logEvent) => managed.Sink.Emit(logEvent);

    public void Dispose()
    {
        try
        {
            managed.Terminate();
        }
        catch (SinkException error)
        {
            SelfLog.WriteLine("The sink {0} did not stop cleanly: {1}", managed.Sink, error);
        }
    }
}
