namespace Mvx.Sink.Runtime;

/// <summary>Creates sinks that own their thread.</summary>
public static class SinkRuntime
{
    /// <summary>
    /// Starts a loop thread, constructs a sink on it and starts the sink (rule T1). Blocks until the sink is Running; call it on any thread.
    /// </summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <param name="construct">Constructs it; runs on the new loop thread.</param>
    /// <returns>The running sink and what ends it.</returns>
    /// <exception cref="ArgumentNullException">The factory is null.</exception>
    /// <exception cref="SinkCreationException">
    /// The factory threw, returned null or a sink of another loop, or the start failed: the inner exception says which. No thread is left behind.
    /// </exception>
    public static ManagedSink<TSink> Create<TSink>(Func<TSink> construct)
        where TSink : ISinkLifecycle
    {
        ArgumentNullException.ThrowIfNull(construct);
        var loop = new SinkLoop($"Mvx.Sink: {typeof(TSink).Name}");
        try
        {
            TSink sink = Construct(loop, construct);
            SinkOperationResult started = sink.Start().Wait();
            // A factory that logs has started the sink already.
            return started.Success || started.Error is InvalidSinkStateException { State: SinkState.Running }
                ? new ManagedSink<TSink>(sink, loop)
                : throw NotStarted<TSink>(started.Error);
        }
        catch
        {
            loop.Dispose();
            throw;
        }
    }

    private static TSink Construct<TSink>(SinkLoop loop, Func<TSink> construct)
        where TSink : ISinkLifecycle
    {
        TSink? sink;
        try
        {
            sink = loop.InvokeAsync(construct).GetAwaiter().GetResult();
        }
        catch (Exception error)
        {
            throw new SinkCreationException($"The factory of {typeof(TSink).Name} threw {error.GetType().Name}: {ErrorText.Of(error)}", error);
        }

        if (sink is null)
            throw Unusable<TSink>($"The factory of {typeof(TSink).Name} returned null; it must return a new sink.");
        if (sink is ILoopBound bound)
        {
            if (bound.Loop != loop.Host)
                throw Unusable<TSink>($"The factory of {typeof(TSink).Name} returned a sink that is bound to another loop; it must construct a new one.");
            loop.Host.Rename($"Mvx.Sink: {bound.Name}");
        }

        return sink;
    }

    private static SinkCreationException NotStarted<TSink>(SinkException? error)
    {
        // A factory that logs has started the sink, and that start may have failed already: then the refusal holds what went wrong.
        SinkException? cause = error is InvalidSinkStateException { InnerException: SinkException first } ? first : error;
        return new SinkCreationException($"{typeof(TSink).Name} did not start: {ErrorText.Of(cause)}", cause);
    }

    private static SinkCreationException Unusable<TSink>(string message) => new(message, new InvalidOperationException(message));
}
