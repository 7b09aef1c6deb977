namespace Mvx.Sink.Integration.Support;

/// <summary>Constructs scripted sinks on a loop.</summary>
internal static class HostedSink
{
    public static ScriptedSink On(SinkLoop loop, SinkOptions? options = null, Action<ScriptedSink>? script = null) => Patience.Finish(
        loop.InvokeAsync(() =>
        {
            var sink = new ScriptedSink(options);
            script?.Invoke(sink);
            return sink;
        }),
        "The loop constructs a sink");

    /// <summary>A managed sink with a script; the factory runs before the start hook, so that the hook is scripted too.</summary>
    public static ManagedSink<ScriptedSink> Create(Action<ScriptedSink>? script = null, SinkOptions? options = null) => SinkRuntime.Create(() =>
    {
        var sink = new ScriptedSink(options);
        script?.Invoke(sink);
        return sink;
    });

    /// <summary>The thread of a sink's loop.</summary>
    public static Thread ThreadOf(SinkLoop loop) => Patience.Finish(loop.InvokeAsync(static () => Thread.CurrentThread), "The loop tells its thread");
}
