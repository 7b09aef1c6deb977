using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Metrics;

public sealed class EnqueueStampsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void O5_The_last_256_events_have_exact_times()
    {
        EnqueueStamps stamps = Stamps(limit: 256, since: 0);
        StampOnePerTick(stamps, from: 0, count: 1000);
        for (long ticket = 1000 - 256; ticket < 1000; ticket++)
            Assert.Equal(ticket, stamps.TimeOf(ticket, now: 5000));
        Assert.Equal(SinkStopwatch.Unknown, stamps.TimeOf(1000 - 257, now: 5000));
    }

    [Theory]
    [InlineData(257)]
    [InlineData(10_000)]
    [InlineData(100_000)]
    public void O5_Every_event_of_a_full_queue_is_placed_between_its_neighbours(int limit)
    {
        EnqueueStamps stamps = Stamps(limit, since: 0);
        StampOnePerTick(stamps, from: 0, count: 3 * limit);
        for (long ticket = 2 * limit; ticket < 3 * limit; ticket++)
            Assert.Equal(ticket, stamps.TimeOf(ticket, now: 1_000_000)); // they came evenly, so the middle is right
    }

    [Fact]
    public void O5_Events_accepted_before_anybody_looked_have_no_time_and_a_latest_one()
    {
        EnqueueStamps stamps = Stamps(limit: 1000, since: 10);
        Assert.Equal(SinkStopwatch.Unknown, stamps.TimeOf(9, now: 50));
        Assert.Equal(0, stamps.NoLaterThan(9, now: 50));
        Assert.Equal(50, stamps.TimeOf(10, now: 50)); // taken before its producer has stamped it
    }

    private EnqueueStamps Stamps(int limit, long since)
    {
        var stamps = new EnqueueStamps(new SinkStopwatch(new SinkIdentity("a", _time)), limit);
        Assert.Equal(SinkStopwatch.Unknown, stamps.NoLaterThan(0, now: 0));
        stamps.BeginAt(since, time: 0);
        return stamps;
    }

    private void StampOnePerTick(EnqueueStamps stamps, long from, int count)
    {
        for (long ticket = from; ticket < from + count; ticket++)
        {
            stamps.Stamp(ticket);
            _time.Advance(TimeSpan.FromTicks(1));
        }
    }
}
