using System.Threading.Channels;

namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>The framework's channel with a reader that counts, and nothing else: no states, no accounting, no errors told.</summary>
internal sealed class ChannelPeer : Peer
{
    private readonly Channel<BenchEvent> _channel;
    private readonly ChannelWriter<BenchEvent> _writer;
    private readonly Task _reader;
    private long _dropped;

    private ChannelPeer(Func<Action<BenchEvent>, Channel<BenchEvent>> create)
    {
        _channel = create(_ => Interlocked.Increment(ref _dropped));
        _writer = _channel.Writer;
        _reader = Task.Run(ReadAsync);
    }

    public override long Dropped => Interlocked.Read(ref _dropped);

    public static ChannelPeer Unbounded() => new(static _ => Channel.CreateUnbounded<BenchEvent>(new UnboundedChannelOptions { SingleReader = true }));

    public static ChannelPeer Bounded(int capacity, BoundedChannelFullMode mode = BoundedChannelFullMode.Wait) => new(dropped =>
    {
        var options = new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = mode };
        return mode == BoundedChannelFullMode.Wait ? Channel.CreateBounded<BenchEvent>(options) : Channel.CreateBounded(options, dropped);
    });

    public override void Produce(int count)
    {
        ChannelWriter<BenchEvent> writer = _writer;
        BenchEvent item = BenchEvent.Prepared;
        for (int i = 0; i < count; i++)
            writer.TryWrite(item);
    }

    public override void LogOne() => _writer.TryWrite(BenchEvent.Prepared);

    protected override void Close()
    {
        _writer.Complete();
        _reader.GetAwaiter().GetResult();
    }

    private async Task ReadAsync()
    {
        ChannelReader<BenchEvent> reader = _channel.Reader;
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out _))
                Backend.Receive();
        }
    }
}
