namespace Mvx.Sink.Runtime;

/// <summary>
/// An event loop: one named background thread on which the hooks and dispatches of its sinks run, one at a time, awaits included
/// (rule P1). It hosts one sink or hundreds. When there is nothing to do it uses no processor time.
/// </summary>
public sealed class SinkLoop : IDisposable
{
    [ThreadStatic]
    private static SinkLoop? _current;

    /// <summary>Starts a loop.</summary>
    /// <param name="name">The thread's name; null: "Mvx.Sink".</param>
    /// <exception cref="ArgumentException">The name is empty or white space.</exception>
    public SinkLoop(string? name = null)
        : this(name, LoopThread.DefaultGrace)
    {
    }

    /// <summary>Starts a loop that, when disposed, waits so long for hooks that ignore their token.</summary>
    internal SinkLoop(string? name, TimeSpan grace)
    {
        Grace = grace;
        if (name is not null && string.IsNullOrWhiteSpace(name))
            throw new ArgumentException($"name is \"{name}\"; give the thread a name, or null for \"Mvx.Sink\".", nameof(name));
        Host = new LoopThread(name ?? "Mvx.Sink") { CreatedFor = RegisteredSink.InCreation };
        Host.TryPost(static state => _current = (SinkLoop)state!, this);
        Host.Start();
    }

    /// <summary>The loop whose thread this is, or null.</summary>
    public static SinkLoop? Current => _current;

    /// <summary>The name of the loop's thread.</summary>
    public string Name => Host.Name;

    internal LoopThread Host { get; }

    internal TimeSpan Grace { get; }

    /// <summary>
    /// Runs a function on the loop, for instance the construction of a sink that is to live there. Called on the loop itself it runs at once;
    /// elsewhere it is queued and the caller does not block.
    /// </summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="action">The function.</param>
    /// <returns>A task of its result, or of what it threw; of an <see cref="EventLoopUnavailableException"/> once the loop has ended.</returns>
    /// <exception cref="ArgumentNullException">The action is null.</exception>
    public Task<T> InvokeAsync<T>(Func<T> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var invocation = new LoopInvocation<T>(action);
        if (Host.IsCurrent)
            invocation.Run();
        else if (!Host.TryPost(static state => ((LoopInvocation<T>)state!).Run(), invocation))
            invocation.Abandon();
        return invocation.Task;
    }

    /// <summary>
    /// Ends the loop: fires the token of its hooks and dispatches, lets each sink clean up and hand over what it did not deliver, and waits
    /// for the thread. Sinks that were in use are Cancelled (rule L13), so stop them first. A hook that ignores its token is waited for at
    /// most ten seconds; then its thread is left behind and reported. Idempotent; any thread but the loop's own.
    /// </summary>
    /// <exception cref="InvalidOperationException">Called on the loop's own thread, where waiting for it would deadlock.</exception>
    public void Dispose() => DisposeWithin(Grace);

    /// <summary>Like <see cref="Dispose"/>, with another time for hooks that ignore their token.</summary>
    internal void DisposeWithin(TimeSpan grace)
    {
        if (Host.IsCurrent)
            throw new InvalidOperationException("A loop cannot be disposed on its own thread: it would wait for itself. Dispose it from the thread that created it.");
        Host.BeginClose();
        Host.Join(grace);
    }
}
