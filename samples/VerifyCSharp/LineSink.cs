// <sink>
using Mvx.Sink.Runtime;

namespace VerifyCSharp;

public sealed class LineSink(Func<Stream> open, SinkOptions? options = null) : AsyncSink<string>(options)
{
    private StreamWriter? _writer;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        _writer = new StreamWriter(open());
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken) =>
        await _writer!.WriteLineAsync(item.AsMemory(), cancellationToken);

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        if (_writer is not null)
            await _writer.DisposeAsync();
        _writer = null;
    }
}
// </sink>
