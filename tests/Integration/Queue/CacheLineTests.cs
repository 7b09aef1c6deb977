using System.Runtime.CompilerServices;

namespace Mvx.Sink.Integration.Queue;

/// <summary>What one processor writes with each event is not on the cache lines that another one reads with each event.</summary>
public sealed class CacheLineTests
{
    private const int PairOfLines = 128;

    [Fact]
    public void What_a_subclass_writes_is_apart_from_what_callers_of_Log_read()
    {
        using ManagedSink<CountingSink> managed = SinkRuntime.Create(static () => new CountingSink());
        CountingSink sink = managed.Sink;
        // The base's own fields begin the object: behind them come at least the four that Log reads, and the room.
        long offset = Unsafe.ByteOffset(ref Unsafe.As<ObjectStart>(sink).First, ref Unsafe.As<long, byte>(ref sink.Count));
        Assert.True(offset >= (4 * IntPtr.Size) + PairOfLines, $"the subclass's first field is {offset} bytes behind the first of the base");
        Assert.True(offset < 4 * PairOfLines, $"{offset} bytes are more room than there is");
    }

    private sealed class ObjectStart
    {
        public byte First = 1;
    }

    private sealed class CountingSink : AsyncSink<string>
    {
        public long Count;

        protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
        {
            Count++;
            return ValueTask.CompletedTask;
        }
    }
}
