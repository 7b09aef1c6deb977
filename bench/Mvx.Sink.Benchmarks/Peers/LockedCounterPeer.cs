using System.Threading.Channels;

namespace Mvx.Sink.Benchmarks.Peers;

/// <summary>
/// The Python design in C#: a lock around a state and a counter of pending events, then the channel; the reader takes the lock again to
/// count down. It keeps an exact limit, and it is what a careful engineer writes first.
/// </summary>
internal sealed class LockedCounterPeer : Peer
{
    private readonly Lock _lock = new();
    private readonly Channel<BenchEvent> _channel = Channel.CreateUnbounded<BenchEvent>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Task _reader;
    private readonly int _limit;
    private readonly bool _running = true;
    private int _pending;
    private long _dropped;

    public LockedCounterPeer(int limit)
    {
        _limit = limit;
        _reader = Task.Run(ReadAsync);
    }

    public override long Dropped => Interlocked.Read(ref _dropped);

    public override void Produce(int count)
    {
        BenchEvent item = BenchEvent.Prepared;
        for (int i = 0; i < count; i++)
            Log(item);
    }

    public override void LogOne() => Log(BenchEvent.Prepared);

    protected override void Close()
    {
        _channel.Writer.Complete();
        _reader.GetAwaiter().GetResult();
    }

    private void Log(BenchEvent item)
    {
        lock (_lock)
        {
            if (!_running)
                throw new InvalidOperationException("not running");
            if (_pending >= _limit)
            {
                _dropped++;
                return;
            }

            _pending++;
        }

        _channel.Writer.TryWrite(item);
    }

    private async Task ReadAsync()
    {
        ChannelReader<BenchEvent> reader = _channel.Reader;
        while (await reader.WaitToReadAsync())
        {
            while (reader.TryRead(out _))
            {
                Backend.Receive();
                lock (_lock)
                    _pending--;
            }
        }
    }
}
