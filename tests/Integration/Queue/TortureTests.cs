using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Queue;

/// <summary>The queue on its own, with producers stalled at their worst moment: a slot is claimed and not published yet.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class TortureTests : IDisposable
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(60);

    public void Dispose() => QueueProbe.Stall = null;

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 4)]
    [InlineData(17, 8)]
    [InlineData(1_000, 4)]
    public void A5_A6_Stalled_producers_lose_duplicate_and_reorder_nothing_and_never_exceed_the_limit(int limit, int producers)
    {
        const int perProducer = 20_000;
        AdmissionChannel<(int Producer, int Number)> queue = QueueSupport.Open<(int, int)>(limit);
        QueueProbe.Stall = RandomStall;
        Thread[] threads = [.. Enumerable.Range(0, producers).Select(producer => new Thread(() =>
        {
            for (int i = 0; i < perProducer; i++)
            {
                var spin = new SpinWait();
                while (!queue.TryAdd((producer, i)))
                    spin.SpinOnce();
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());

        int[] next = new int[producers];
        long left = (long)producers * perProducer;
        DateTime deadline = DateTime.UtcNow + _bound;
        while (left > 0)
        {
            Assert.True(DateTime.UtcNow < deadline, $"{left} events did not arrive");
            if (!queue.TryTake(out (int Producer, int Number) item))
                continue;
            // This thread is the only one that finishes events, so what is pending is exact here.
            Assert.InRange(queue.Gate.Accepted - queue.Completed, 1, limit);
            Assert.Equal(next[item.Producer]++, item.Number);
            queue.Finish(1);
            left--;
        }

        Array.ForEach(threads, static thread => thread.Join());
        Assert.False(queue.TryTake(out _));
        Assert.Equal(queue.Gate.Accepted, queue.Completed);
    }

    [Fact]
    public void A_consumer_that_arms_is_activated_for_every_event_it_would_miss()
    {
        const int events = 30_000;
        AdmissionChannel<string> queue = QueueSupport.Open<string>(events);
        using var activated = new SemaphoreSlim(0);
        queue.Activate = () => activated.Release();
        QueueProbe.Stall = RandomStall;
        var producer = new Thread(() =>
        {
            for (int i = 0; i < events; i++)
                Assert.True(queue.TryAdd("x"));
        });
        producer.Start();

        for (int taken = 0; taken < events;)
        {
            if (queue.TryTake(out _))
                taken++;
            else if (queue.TryArm())
                Assert.True(activated.Wait(_bound), $"the consumer slept through event {taken}");
        }

        producer.Join();
    }

    private static void RandomStall()
    {
        switch (Random.Shared.Next(200))
        {
            case 0:
                Thread.Sleep(0);
                break;
            case < 20:
                Thread.Yield();
                break;
            case < 60:
                Thread.SpinWait(Random.Shared.Next(200));
                break;
        }
    }
}
