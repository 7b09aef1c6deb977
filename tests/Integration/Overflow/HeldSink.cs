using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Overflow;

/// <summary>A sink of log events whose backend is held: the first event is in dispatch, the others wait.</summary>
internal sealed class HeldSink : IDisposable
{
    private readonly Hosted<NamedSink> _hosted;

    public HeldSink(SinkOptions options)
    {
        _hosted = Hosted.Running(() => new NamedSink(options, Dispatch));
        Sink.Log(Named("held"));
        Dispatch.UntilReached();
    }

    public Checkpoint Dispatch { get; } = new();

    public NamedSink Sink => _hosted.Sink;

    public SinkLoop Loop => _hosted.Loop;

    /// <summary>The names of what the backend got, once it was let go and has had all.</summary>
    public string[] ReleaseAndFlush()
    {
        Dispatch.Open();
        Report = Patience.Finish(Sink.FlushAsync().AsTask(), "the flush");
        return Sink.Names;
    }

    public FlushReport Report { get; private set; }

    public static LogEvent Named(string name, LogEventLevel level = LogEventLevel.Information) =>
        new() { Name = name, Level = level, Timestamp = DateTimeOffset.UnixEpoch };

    public void Dispose()
    {
        Dispatch.Open();
        _hosted.Dispose();
    }
}
