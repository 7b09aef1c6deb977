using Mvx.Sink.Files;

namespace Mvx.Sink.Benchmarks.Files;

/// <summary>The file sink of this project, as it is configured by default but for the queue.</summary>
internal sealed class MvxFilePeer : IFilePeer
{
    private LogEvent[] _events = [];
    private ManagedSink<FileSink>? _managed;

    public void Prepare(int count) => _events = MvxEvents.Make(count);

    public void Open(string path)
    {
        var config = new FileSinkConfig { Path = path, Options = new SinkOptions { QueueMaxSize = _events.Length } };
        _managed = SinkRuntime.Create(() => new FileSink(config));
    }

    public void LogAll()
    {
        FileSink sink = _managed!.Sink;
        foreach (LogEvent item in _events)
            sink.Log(item);
    }

    public void Close() => _managed!.Terminate();

    public void Dispose() => _events = [];
}
