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

    /// <summary>Whether the caller is what creates the sink, on the thread that asked for it or on the new sink's loop: waiting for the creation would be waiting for itself.</summary>
    public bool IsInCreationHere => ReferenceEquals(InCreation, this) || (Sink is null && ReferenceEquals(LoopHost.Current?.CreatedFor, this));

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
