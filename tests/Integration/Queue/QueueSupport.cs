namespace Mvx.Sink.Integration.Queue;

internal static class QueueSupport
{
    /// <summary>A channel on its own, open for writing.</summary>
    public static AdmissionChannel<T> Open<T>(long limit) =>
        new(limit, QueueOverflowPolicy.RaiseError, new Gate(new LifecycleModel(SinkState.Running, LifecyclePhase.Dispatching, closed: false), 0));

    /// <summary>Offers an event as a sink does: at once if that is possible, and else properly.</summary>
    public static bool TryAdd<T>(this AdmissionChannel<T> queue, T item) =>
        queue.TryAcceptOnce(item, queue.Limit, out _) || queue.Offer(item, queue.Limit, out _) == AdmissionVerdict.Accept;
}
