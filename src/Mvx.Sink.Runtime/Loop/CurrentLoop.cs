namespace Mvx.Sink.Runtime;

/// <summary>Finds the loop that a sink constructed here and now belongs to (rule P2).</summary>
internal static class CurrentLoop
{
    // Contexts that run callbacks side by side, or only for the length of one test. A sink bound to one by mistake would live in a thread pool.
    private static readonly string[] _notLoops =
    [
        "System.Threading.SynchronizationContext",
        "Xunit.Sdk.AsyncTestSyncContext",
        "Xunit.Sdk.MaxConcurrencySyncContext",
    ];

    public static LoopHost Require(Type sinkType)
    {
        if (LoopHost.Current is { } loop)
            return loop;
        SynchronizationContext? context = SynchronizationContext.Current;
        if (context is LoopContext { Host: var host })
            return host;
        if (context is null || Array.IndexOf(_notLoops, context.GetType().FullName) >= 0)
        {
            throw new EventLoopUnavailableException(
                $"{sinkType.Name} was constructed on a thread without an event loop"
                + (context is null ? "" : $" (its SynchronizationContext, {context.GetType().Name}, does not serialise its callbacks)")
                + $". Use SinkRuntime.Create(() => new {sinkType.Name}(...)) to give it a thread of its own, or construct it inside SinkLoop.InvokeAsync.");
        }

        return new ContextLoop(context);
    }
}
