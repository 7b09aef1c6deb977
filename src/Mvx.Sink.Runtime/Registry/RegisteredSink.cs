namespace Mvx.Sink.Runtime;

/// <summary>One name's place in a registry: its lock is held while the name's sink is created, so that it is created once (rule R6).</summary>
internal sealed class RegisteredSink
{
    [ThreadStatic]
    private static RegisteredSink? _inCreation;

    public Lock CreationLock { get; } = new();

    /// <summary>The place for which the calling thread is creating a sink, or null.</summary>
    public static RegisteredSink? InCreation
    {
        get => _inCreation;
        set => _inCreation = value;
    }

    /// <summary>The place for whose sink the caller works, on the thread that asked for it or on the new sink's loop; null: for none that is in creation.</summary>
    public static RegisteredSink? CreatedHere => InCreation ?? (LoopHost.Current?.CreatedFor is { Sink: null } place ? place : null);

    /// <summary>The name it stands for.</summary>
    public required string Name { get; init; }

    /// <summary>The place whose creation this one's creation waits for. Under <see cref="WaitLock"/>.</summary>
    private RegisteredSink? WaitsFor { get; set; }

    private static Lock WaitLock { get; } = new();

    /// <summary>
    /// The caller is going to wait for this place's creation. False when that would wait, over however many places, for what the caller is creating itself. After true,
    /// <see cref="EndWait"/> is due.
    /// </summary>
    public bool TryBeginWait(out RegisteredSink? waiter)
    {
        waiter = CreatedHere;
        if (waiter is null)
            return true;
        lock (WaitLock)
        {
            for (RegisteredSink? place = this; place is not null; place = place.WaitsFor)
            {
                if (ReferenceEquals(place, waiter))
                    return false;
            }

            waiter.WaitsFor = this;
            return true;
        }
    }

    public static void EndWait(RegisteredSink? waiter)
    {
        if (waiter is null)
            return;
        lock (WaitLock)
            waiter.WaitsFor = null;
    }

    /// <summary>Null until the sink is created, and again after that failed. Under the creation lock.</summary>
    public SinkDescriptor? Descriptor { get; set; }

    /// <summary>The sink, once created. Written last; read anywhere.</summary>
    public ISinkLifecycle? Sink
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    public Action? Terminate { get; set; }

    /// <summary>Whether the caller is on the sink's own loop. Written before the sink; read anywhere.</summary>
    public Func<bool>? OnItsLoop { get; set; }

    public bool IsOnItsLoop => Sink is not null && OnItsLoop!();

    /// <summary>What tells of the sink to the registry's observers. Under the creation lock.</summary>
    public SinkFollower? Follower { get; set; }

    /// <summary>Whether it was taken out of the registry, so that who waited for the creation lock must look again. Under that lock.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>Its place in the order of creation. Under the creation lock.</summary>
    public long Order { get; set; }
}
