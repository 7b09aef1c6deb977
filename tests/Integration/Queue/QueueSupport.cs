namespace Mvx.Sink.Integration.Queue;

internal static class QueueSupport
{
    /// <summary>A channel on its own, open for writing.</summary>
    public static AdmissionChannel<T> Open<T>(long limit) =>
        new(limit, QueueOverflowPolicy.RaiseError, new Gate(new LifecycleModel(SinkState.Running, LifecyclePhase.Dispatching, closed: false), 0));
}
