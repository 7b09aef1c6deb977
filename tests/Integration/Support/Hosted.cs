namespace Mvx.Sink.Integration.Support;

/// <summary>A sink on a loop of the test's, in whatever state the test needs.</summary>
internal sealed class Hosted<TSink> : IDisposable
    where TSink : ISinkLifecycle
{
    public Hosted(Func<TSink> construct) => Sink = Loop.InvokeAsync(construct).WaitAsync(Bounded.Time).GetAwaiter().GetResult();

    public SinkLoop Loop { get; } = new("hosted");

    public TSink Sink { get; }

    public void Dispose() => Loop.Dispose();
}

internal static class Hosted
{
    public static Hosted<TSink> Virgin<TSink>(Func<TSink> construct)
        where TSink : ISinkLifecycle => new(construct);

    public static Hosted<TSink> Running<TSink>(Func<TSink> construct)
        where TSink : ISinkLifecycle
    {
        var hosted = new Hosted<TSink>(construct);
        hosted.Sink.Start().Succeeds();
        return hosted;
    }

    public static Hosted<TSink> Stopped<TSink>(Func<TSink> construct)
        where TSink : ISinkLifecycle
    {
        Hosted<TSink> hosted = Running(construct);
        hosted.Sink.Stop().Succeeds();
        return hosted;
    }

    /// <summary>A sink whose dispatch has failed, at rest.</summary>
    public static Hosted<ScriptedSink> Failed(Exception? cause = null) => Ended(cause ?? new InvalidOperationException("broken"), SinkState.Failure);

    /// <summary>A sink whose dispatch was cancelled, at rest.</summary>
    public static Hosted<ScriptedSink> Cancelled() => Ended(new OperationCanceledException("gone"), SinkState.Cancelled);

    private static Hosted<ScriptedSink> Ended(Exception cause, SinkState state)
    {
        Hosted<ScriptedSink> hosted = Running(() => new ScriptedSink { Dispatching = (_, _) => throw cause });
        hosted.Sink.Log("the last one");
        hosted.Sink.UntilState(state);
        hosted.Sink.UntilAtRest();
        return hosted;
    }
}
