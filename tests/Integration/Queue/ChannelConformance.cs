using System.Threading.Channels;

namespace Mvx.Sink.Integration.Queue;

/// <summary>
/// What every bounded channel with one reader does, member by member. One subclass per implementation; the framework's own is among them, so that
/// the suite is known to ask for nothing else.
/// </summary>
public abstract class ChannelConformance
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(30);

    protected abstract Channel<string> Create(int capacity);

    [Fact]
    public void TryWrite_until_full_is_true_then_false()
    {
        Channel<string> channel = Create(3);
        Assert.True(channel.Writer.TryWrite("a"));
        Assert.True(channel.Writer.TryWrite("b"));
        Assert.True(channel.Writer.TryWrite("c"));
        Assert.False(channel.Writer.TryWrite("d"));
    }

    [Fact]
    public void TryWrite_after_a_read_is_true_again()
    {
        Channel<string> channel = Create(1);
        Assert.True(channel.Writer.TryWrite("a"));
        Assert.True(channel.Reader.TryRead(out _));
        Assert.True(channel.Writer.TryWrite("b"));
        Assert.False(channel.Writer.TryWrite("c"));
    }

    [Fact]
    public void TryRead_gives_the_same_objects_in_order()
    {
        Channel<string> channel = Create(1_000);
        string[] items = [.. Enumerable.Range(0, 1_000).Select(static i => $"{i}")];
        Assert.All(items, item => Assert.True(channel.Writer.TryWrite(item)));
        Assert.All(items, item =>
        {
            Assert.True(channel.Reader.TryRead(out string? read));
            Assert.Same(item, read);
        });
        Assert.False(channel.Reader.TryRead(out _));
    }

    [Fact]
    public void TryRead_when_empty_is_false()
    {
        Assert.False(Create(1).Reader.TryRead(out string? item));
        Assert.Null(item);
    }

    [Fact]
    public void TryPeek_shows_the_next_and_leaves_it()
    {
        Channel<string> channel = Create(2);
        Assert.True(channel.Reader.CanPeek);
        Assert.False(channel.Reader.TryPeek(out _));
        channel.Writer.TryWrite("a");
        Assert.True(channel.Reader.TryPeek(out string? peeked));
        Assert.Equal("a", peeked);
        Assert.True(channel.Reader.TryRead(out string? read));
        Assert.Same(peeked, read);
    }

    [Fact]
    public void Count_follows_writes_and_reads()
    {
        Channel<string> channel = Create(5);
        Assert.True(channel.Reader.CanCount);
        Assert.Equal(0, channel.Reader.Count);
        channel.Writer.TryWrite("a");
        channel.Writer.TryWrite("b");
        Assert.Equal(2, channel.Reader.Count);
        channel.Reader.TryRead(out _);
        Assert.Equal(1, channel.Reader.Count);
    }

    [Fact]
    public async Task WaitToReadAsync_with_an_item_is_true_at_once()
    {
        Channel<string> channel = Create(1);
        channel.Writer.TryWrite("a");
        ValueTask<bool> wait = channel.Reader.WaitToReadAsync();
        Assert.True(wait.IsCompleted);
        Assert.True(await wait);
    }

    [Fact]
    public async Task WaitToReadAsync_when_empty_completes_with_the_next_write()
    {
        Channel<string> channel = Create(1);
        Task<bool> wait = channel.Reader.WaitToReadAsync().AsTask();
        Assert.False(wait.IsCompleted);
        channel.Writer.TryWrite("a");
        Assert.True(await wait.WaitAsync(_bound));
        Assert.True(channel.Reader.TryRead(out _));
    }

    [Fact]
    public async Task WaitToReadAsync_when_completed_is_false()
    {
        Channel<string> channel = Create(1);
        Task<bool> wait = channel.Reader.WaitToReadAsync().AsTask();
        channel.Writer.Complete();
        Assert.False(await wait.WaitAsync(_bound));
        Assert.False(await channel.Reader.WaitToReadAsync());
    }

    [Fact]
    public async Task WaitToReadAsync_when_completed_with_an_error_throws_it()
    {
        Channel<string> channel = Create(1);
        Task<bool> wait = channel.Reader.WaitToReadAsync().AsTask();
        var error = new InvalidDataException("no");
        channel.Writer.Complete(error);
        Assert.Same(error, await Assert.ThrowsAsync<InvalidDataException>(() => wait.WaitAsync(_bound)));
        Assert.Same(error, await Assert.ThrowsAsync<InvalidDataException>(async () => await channel.Reader.WaitToReadAsync()));
    }

    [Fact]
    public async Task WaitToReadAsync_completed_with_items_left_is_true_until_they_are_read()
    {
        Channel<string> channel = Create(1);
        channel.Writer.TryWrite("a");
        channel.Writer.Complete(new InvalidDataException("no"));
        Assert.True(await channel.Reader.WaitToReadAsync());
        Assert.True(channel.Reader.TryRead(out _));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await channel.Reader.WaitToReadAsync());
    }

    [Fact]
    public async Task WaitToReadAsync_cancelled_before_and_while_waiting_is_cancelled_and_loses_nothing()
    {
        Channel<string> channel = Create(1);
        using var source = new CancellationTokenSource();
        Task<bool> wait = channel.Reader.WaitToReadAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(_bound));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await channel.Reader.WaitToReadAsync(source.Token));

        channel.Writer.TryWrite("a");
        Assert.True(await channel.Reader.WaitToReadAsync());
        Assert.True(channel.Reader.TryRead(out _));
    }

    [Fact]
    public async Task ReadAsync_waits_for_the_next_item_and_throws_when_completed()
    {
        Channel<string> channel = Create(1);
        Task<string> read = channel.Reader.ReadAsync().AsTask();
        channel.Writer.TryWrite("a");
        Assert.Equal("a", await read.WaitAsync(_bound));
        channel.Writer.Complete();
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await channel.Reader.ReadAsync());
    }

    [Fact]
    public async Task ReadAllAsync_gives_everything_and_ends()
    {
        Channel<string> channel = Create(10);
        Task writing = Task.Run(async () =>
        {
            for (int i = 0; i < 1_000; i++)
                await channel.Writer.WriteAsync($"{i}");
            channel.Writer.Complete();
        });
        var read = new List<string>();
        await foreach (string item in channel.Reader.ReadAllAsync())
            read.Add(item);
        await writing;
        Assert.Equal(Enumerable.Range(0, 1_000).Select(static i => $"{i}"), read);
    }

    [Fact]
    public async Task WaitToWriteAsync_with_room_is_true_and_when_full_waits_for_a_read()
    {
        Channel<string> channel = Create(1);
        Assert.True(await channel.Writer.WaitToWriteAsync());
        channel.Writer.TryWrite("a");
        Task<bool> wait = channel.Writer.WaitToWriteAsync().AsTask();
        Assert.False(wait.IsCompleted);
        channel.Reader.TryRead(out _);
        Assert.True(await wait.WaitAsync(_bound));
    }

    [Fact]
    public async Task WaitToWriteAsync_when_completed_is_false_or_throws_the_error()
    {
        Channel<string> channel = Create(1);
        channel.Writer.TryWrite("a");
        Task<bool> wait = channel.Writer.WaitToWriteAsync().AsTask();
        channel.Writer.Complete();
        Assert.False(await wait.WaitAsync(_bound));

        Channel<string> failing = Create(1);
        failing.Writer.Complete(new InvalidDataException("no"));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await failing.Writer.WaitToWriteAsync());
    }

    [Fact]
    public async Task WaitToWriteAsync_cancelled_is_cancelled()
    {
        Channel<string> channel = Create(1);
        channel.Writer.TryWrite("a");
        using var source = new CancellationTokenSource();
        Task<bool> wait = channel.Writer.WaitToWriteAsync(source.Token).AsTask();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(_bound));
    }

    [Fact]
    public async Task WriteAsync_when_full_waits_and_when_completed_throws()
    {
        Channel<string> channel = Create(1);
        await channel.Writer.WriteAsync("a");
        Task write = channel.Writer.WriteAsync("b").AsTask();
        Assert.False(write.IsCompleted);
        Assert.True(channel.Reader.TryRead(out _));
        await write.WaitAsync(_bound);
        channel.Writer.Complete();
        await Assert.ThrowsAsync<ChannelClosedException>(async () => await channel.Writer.WriteAsync("c"));
    }

    [Fact]
    public void TryComplete_is_true_once_and_refuses_writes_from_then_on()
    {
        Channel<string> channel = Create(2);
        Assert.True(channel.Writer.TryComplete());
        Assert.False(channel.Writer.TryComplete());
        Assert.False(channel.Writer.TryWrite("a"));
        Assert.Throws<ChannelClosedException>(() => channel.Writer.Complete());
    }

    [Fact]
    public async Task Completion_waits_for_the_last_item()
    {
        Channel<string> channel = Create(1);
        channel.Writer.TryWrite("a");
        channel.Writer.Complete();
        Assert.False(channel.Reader.Completion.IsCompleted);
        Assert.True(channel.Reader.TryRead(out _));
        await channel.Reader.Completion.WaitAsync(_bound);
    }

    [Fact]
    public async Task Completion_of_an_empty_channel_tells_the_error()
    {
        Channel<string> channel = Create(1);
        var error = new InvalidDataException("no");
        channel.Writer.Complete(error);
        Assert.Same(error, await Assert.ThrowsAsync<InvalidDataException>(() => channel.Reader.Completion.WaitAsync(_bound)));
    }

    [Fact]
    public async Task Completion_with_a_cancellation_is_cancelled()
    {
        Channel<string> channel = Create(1);
        channel.Writer.Complete(new OperationCanceledException());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => channel.Reader.Completion.WaitAsync(_bound));
        Assert.True(channel.Reader.Completion.IsCanceled);
    }

    [Fact]
    public async Task Many_writers_and_a_reader_lose_duplicate_and_reorder_nothing()
    {
        Channel<string> channel = Create(64);
        Task[] writers = [.. Enumerable.Range(0, 4).Select(producer => Task.Run(async () =>
        {
            for (int i = 0; i < 5_000; i++)
                await channel.Writer.WriteAsync($"{producer}:{i}");
        }))];
        int[] next = new int[4];
        Task reading = Task.Run(async () =>
        {
            await foreach (string item in channel.Reader.ReadAllAsync())
            {
                string[] parts = item.Split(':');
                Assert.Equal(next[int.Parse(parts[0])]++, int.Parse(parts[1]));
            }
        });
        await Task.WhenAll(writers).WaitAsync(_bound);
        channel.Writer.Complete();
        await reading.WaitAsync(_bound);
        Assert.All(next, static count => Assert.Equal(5_000, count));
    }
}
