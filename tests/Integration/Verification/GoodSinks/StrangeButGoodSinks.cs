using System.Buffers;
using System.Text;
using System.Threading.Channels;
using Mvx.Sink.Integration.Verification.Backends;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>Takes batches, writes each event, and reports how far it got.</summary>
internal sealed class ReportingBatchSink(SinkOptions options, MemoryBackend backend)
    : BackendSink(options with { MaxBatchSize = 64, MaxBatchDelay = TimeSpan.FromMilliseconds(2) }, backend)
{
    protected override async ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken)
    {
        for (int i = 0; i < batch.Length; i++)
        {
            await Backend.WriteAsync(batch.Span[i], cancellationToken);
            ReportDelivered(1);
        }
    }
}

/// <summary>Writes a batch with one call, all or nothing.</summary>
internal sealed class WholeBatchSink(SinkOptions options, MemoryBackend backend) : BackendSink(options with { MaxBatchSize = 200 }, backend)
{
    protected override ValueTask DispatchBatchAsync(ReadOnlyMemory<string> batch, CancellationToken cancellationToken)
    {
        Backend.Write(batch.Span);
        return ValueTask.CompletedTask;
    }
}

/// <summary>Hands each event to a thread of its own, and waits until that has written it.</summary>
internal sealed class AwaitedThreadSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private Channel<(string Item, TaskCompletionSource Done)>? _channel;
    private Thread? _thread;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        Channel<(string Item, TaskCompletionSource Done)> channel = Channel.CreateUnbounded<(string, TaskCompletionSource)>();
        _channel = channel;
        _thread = new Thread(() => Work(channel.Reader)) { IsBackground = true, Name = "writer of a good sink" };
        _thread.Start();
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _channel!.Writer.WriteAsync((item, done), cancellationToken);
        await done.Task.WaitAsync(cancellationToken);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _channel?.Writer.TryComplete();
        _thread?.Join();
        return ValueTask.CompletedTask;
    }

    private void Work(ChannelReader<(string Item, TaskCompletionSource Done)> reader)
    {
        while (reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (reader.TryRead(out (string Item, TaskCompletionSource Done) work))
            {
                try
                {
                    Backend.Write(work.Item);
                    work.Done.SetResult();
                }
                catch (IOException error)
                {
                    work.Done.SetException(error);
                }
            }
        }
    }
}

/// <summary>Opens its backend when the first event of a cycle comes.</summary>
internal sealed class LazySink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private bool _isOpen;

    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        if (!_isOpen)
        {
            await Backend.OpenAsync(cancellationToken);
            Backend.OpenExclusively();
            _isOpen = true;
        }

        await base.DispatchAsync(item, cancellationToken);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        if (_isOpen)
            Backend.Close();
        _isOpen = false;
        return ValueTask.CompletedTask;
    }
}

/// <summary>Makes lines in rented memory.</summary>
internal sealed class PooledSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        byte[] rented = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(item.Length));
        try
        {
            int length = Encoding.UTF8.GetBytes(item, rented);
            Backend.Write(Encoding.UTF8.GetString(rented, 0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }

        return ValueTask.CompletedTask;
    }
}

/// <summary>Never comes back to its loop, and keeps nothing that would need it.</summary>
internal sealed class NeverOnTheLoopSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private long _written;

    public long Written => Interlocked.Read(ref _written);

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await Task.Run(Backend.Open, cancellationToken).ConfigureAwait(false);
        Interlocked.Exchange(ref _written, 0);
    }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await Task.Run(async () => await Backend.WriteAsync(item, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        Interlocked.Increment(ref _written);
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken) => await Task.Delay(1, CancellationToken.None).ConfigureAwait(false);
}

/// <summary>Lets its events wait for each other: whoever comes while a write is under way is in the next one, and waits for it.</summary>
internal sealed class GroupCommitSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly List<string> _next = [];
    private Task _commit = Task.CompletedTask;
    private Exception? _failure;

    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await base.OnStartingAsync(cancellationToken);
        _failure = null;
        _next.Clear();
    }

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        if (_failure is not null)
            throw new IOException("an earlier write failed", _failure);
        _next.Add(item);
        if (_commit.IsCompleted)
            _commit = Commit(cancellationToken);
        return ValueTask.CompletedTask;
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        await _commit;
        if (_failure is not null)
            throw new IOException("an earlier write failed", _failure);
    }

    private async Task Commit(CancellationToken cancellationToken)
    {
        await Task.Yield();
        while (_next.Count > 0 && _failure is null)
        {
            string[] batch = [.. _next];
            _next.Clear();
            try
            {
                foreach (string item in batch)
                    await Backend.WriteAsync(item, cancellationToken);
            }
            catch (Exception error) when (error is IOException or OperationCanceledException)
            {
                _failure = error;
            }
        }
    }
}

/// <summary>Starts and stops as slowly as a database connection.</summary>
internal sealed class SlowToStartSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask OnStartingAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(60, cancellationToken);
        await base.OnStartingAsync(cancellationToken);
    }

    protected override async ValueTask OnStoppedAsync(CancellationToken cancellationToken) => await Task.Delay(40, CancellationToken.None);
}

/// <summary>Drops at a limit of its own, and says so in its books.</summary>
internal sealed class DroppingSink(SinkOptions options, MemoryBackend backend)
    : BackendSink(options with { QueueMaxSize = 32, OverflowPolicy = QueueOverflowPolicy.Drop }, backend);

/// <summary>Writes to a second backend when the first is broken, so that nothing is ever lost.</summary>
internal sealed class FallingBackSink(SinkOptions options, MemoryBackend backend, MemoryBackend second) : BackendSink(options, backend)
{
    protected override ValueTask OnStartingAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        try
        {
            await base.DispatchAsync(item, cancellationToken);
        }
        catch (IOException)
        {
            second.Write(item);
        }
    }
}

/// <summary>Ends for good with its first stop.</summary>
internal sealed class OnceOnlySink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    private readonly CancellationTokenSource _life = new();

    protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        _life.Token.ThrowIfCancellationRequested();
        return base.DispatchAsync(item, cancellationToken);
    }

    protected override ValueTask OnStoppedAsync(CancellationToken cancellationToken)
    {
        _life.Cancel();
        _life.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>Gives a stuck write up after a moment, and says so.</summary>
internal sealed class ImpatientSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromMilliseconds(300));
        try
        {
            await Backend.WriteAsync(item, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException("the backend did not answer");
        }
    }
}

/// <summary>Counts the writes that took long, and leaves the delay it compared them with to expire.</summary>
internal sealed class WatchingSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public int Slow { get; private set; }

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        Task write = base.DispatchAsync(item, cancellationToken).AsTask();
        if (await Task.WhenAny(write, Task.Delay(100, cancellationToken)) != write)
            Slow++;
        await write;
    }
}

/// <summary>A refusal is in its books when the call has returned, and not before.</summary>
internal sealed class CountsRefusalsLateSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend), ISinkLifecycle
{
    private static readonly TimeSpan _while = TimeSpan.FromMilliseconds(2);
    private readonly Lock _lock = new();
    private long _underWay;

    SinkLedger ISinkLifecycle.Ledger
    {
        get
        {
            lock (_lock)
            {
                SinkLedger books = Ledger;
                return new SinkLedger(books.Accepted, books.Dropped, books.Rejected - _underWay, books.Delivered, books.Failed, books.Undelivered);
            }
        }
    }

    public new void Log(string item)
    {
        try
        {
            lock (_lock)
            {
                try
                {
                    base.Log(item);
                    return;
                }
                catch (InvalidSinkStateException)
                {
                    _underWay++;
                    throw;
                }
            }
        }
        catch (InvalidSinkStateException)
        {
            using (var pause = new ManualResetEventSlim(initialState: false))
                pause.Wait(_while);
            lock (_lock)
                _underWay--;
            throw;
        }
    }
}

/// <summary>Throws from a flush whose events it could not write.</summary>
internal sealed class ThrowingFlushSink(SinkOptions options, MemoryBackend backend) : BackendSink(options, backend)
{
    public new async ValueTask<FlushReport> FlushAsync(CancellationToken cancellationToken = default)
    {
        FlushReport report = await base.FlushAsync(cancellationToken);
        return LastError is null ? report : throw new IOException("what was to be flushed could not be written", LastError);
    }
}
