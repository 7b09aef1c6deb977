namespace Mvx.Sink.Runtime;

/// <summary>Something that takes events.</summary>
/// <typeparam name="TEvent">The type of the events.</typeparam>
public interface ISink<in TEvent>
{
    /// <summary>Takes one event. Any thread may call it; it does not wait for delivery.</summary>
    /// <param name="item">The event.</param>
    void Log(TEvent item);
}
