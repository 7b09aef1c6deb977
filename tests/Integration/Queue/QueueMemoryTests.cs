using System.Runtime.CompilerServices;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Queue;

[Collection(ProcessWideCollection.Name)]
public sealed class QueueMemoryTests
{
    [Fact]
    public void A_limit_of_a_hundred_million_costs_an_idle_queue_less_than_a_mebibyte()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        AdmissionChannel<string> queue = QueueSupport.Open<string>(100_000_000);
        long cost = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(queue);
        Assert.InRange(cost, 1, (1 << 20) - 1);
    }

    [Fact]
    public void A_default_queue_that_has_been_used_and_is_idle_holds_less_than_64_kibibytes()
    {
        const int queues = 50;
        var all = new AdmissionChannel<string>[queues];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < queues; i++)
        {
            all[i] = QueueSupport.Open<string>(SinkOptions.DefaultQueueMaxSize);
            FillAndDrain(all[i], SinkOptions.DefaultQueueMaxSize);
            Assert.True(all[i].TryArm());
        }

        long each = (GC.GetTotalMemory(forceFullCollection: true) - before) / queues;
        GC.KeepAlive(all);
        Assert.InRange(each, 1, 64 * 1024);
    }

    [Fact]
    public void What_was_read_is_not_held()
    {
        AdmissionChannel<object> queue = QueueSupport.Open<object>(100);
        WeakReference[] items = OfferAndTake(queue, 50);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.All(items, static item => Assert.False(item.IsAlive));
        GC.KeepAlive(queue);
    }

    [Fact]
    public void A_steady_flow_allocates_nothing()
    {
        AdmissionChannel<string> queue = QueueSupport.Open<string>(10_000);
        FillAndDrain(queue, 10_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int round = 0; round < 20; round++)
            FillAndDrain(queue, 9_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(1_000)]
    [InlineData(100_000_000)]
    [InlineData(int.MaxValue)]
    public void Events_of_any_size_and_limits_of_any_size_work(int limit)
    {
        AdmissionChannel<Large> queue = QueueSupport.Open<Large>(limit);
        for (long i = 0; i < 5_000; i++)
        {
            Assert.True(queue.TryAdd(new Large { First = i, Middle = default, Last = ~i }));
            Assert.True(queue.TryTake(out Large item));
            Assert.Equal((i, ~i), (item.First, item.Last));
            queue.Finish(1);
        }
    }

    private static void FillAndDrain(AdmissionChannel<string> queue, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(queue.TryAdd("x"));
        for (int i = 0; i < count; i++)
        {
            queue.TryTake(out _);
            queue.Finish(1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] OfferAndTake(AdmissionChannel<object> queue, int count)
    {
        var items = new WeakReference[count];
        for (int i = 0; i < count; i++)
        {
            object item = new();
            items[i] = new WeakReference(item);
            Assert.True(queue.TryAdd(item));
            queue.TryTake(out _);
            queue.Finish(1);
        }

        return items;
    }

    private struct Large
    {
        public long First;
        public Padding Middle;
        public long Last;
    }

    [InlineArray(16)]
    private struct Padding
    {
        private long _element;
    }
}
