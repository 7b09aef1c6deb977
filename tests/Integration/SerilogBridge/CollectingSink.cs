using Serilog.Core;

namespace Mvx.Sink.Integration.SerilogBridge;

/// <summary>A Serilog sink that keeps what it gets.</summary>
internal sealed class CollectingSink : ILogEventSink, IDisposable
{
    public List<string> Messages { get; } = [];

    public List<int> Threads { get; } = [];

    public int Disposals { get; private set; }

    public void Emit(Serilog.Events.LogEvent logEvent)
    {
        Messages.Add(logEvent.RenderMessage());
        Threads.Add(Environment.CurrentManagedThreadId);
    }

    public void Dispose() => Disposals++;
}
