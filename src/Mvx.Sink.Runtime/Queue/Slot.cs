namespace Mvx.Sink.Runtime;

/// <summary>One place in the queue. Its producer writes the event, then the flag; its consumer clears both.</summary>
internal struct Slot<T>
{
    public T Item;
    public int Published;
}
