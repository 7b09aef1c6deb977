namespace Mvx.Sink.Extensions.Logging;

/// <summary>Event ids as objects. Most are small, and the same ones come again and again, so those are boxed once.</summary>
internal static class EventIdBox
{
    private static readonly object?[] _small = new object?[1024];

    public static object Of(int id)
    {
        if ((uint)id >= (uint)_small.Length)
            return id;
        return Volatile.Read(ref _small[id]) ?? Box(id);
    }

    private static object Box(int id)
    {
        object box = id;
        Volatile.Write(ref _small[id], box);
        return box;
    }
}
