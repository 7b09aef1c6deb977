namespace Mvx.Sink.Integration.Docs.Examples;

// <sink>
public sealed class TextFileSink(string path) : AsyncLogSink
{
    private StreamWriter _writer = StreamWriter.Null;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _writer = File.AppendText(path);
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask DispatchAsync(LogEvent item, CancellationToken cancellationToken) =>
        await _writer.WriteLineAsync($"{item.Timestamp:O} {item.Level} {item.Name}: {item.Message}");

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken) => _writer.DisposeAsync();
}
// </sink>
