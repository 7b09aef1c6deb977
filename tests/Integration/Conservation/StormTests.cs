using System.Collections.Concurrent;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Conservation;

/// <summary>
/// Eight producers offer 200 000 events each while the sink is stopped, restarted and broken under them (a new one takes a broken one's
/// place), and another thread reads the ledger all the time.
/// </summary>
public sealed class StormTests
{
    private const int Producers = 8;
    private const int EventsEach = 200_000;
    private const int Limit = 500;

    private readonly List<StormEpoch> _epochs = [];
    private readonly ConcurrentQueue<string> _violations = new();
    private readonly int[] _offered = new int[Producers * 16]; // a cache line each
    private volatile StormEpoch _current = null!;
    private volatile bool _over;
    private long _samples;

    [Fact]
    public void C1_The_ledger_holds_at_every_sample_of_a_storm_and_agrees_with_all_who_counted()
    {
        Begin();
        var sampler = new Thread(Sample) { IsBackground = true };
        sampler.Start();
        Together.Run(Producers + 1, index =>
        {
            if (index == Producers)
                Disturb();
            else
                Produce(index);
        });
        Rest(_current);
        _over = true;
        Assert.True(sampler.Join(Bounded.Time));

        Assert.Empty(_violations);
        Assert.True(_samples > 1_000, $"only {_samples} samples");
        Assert.True(_epochs.Count > 3, $"only {_epochs.Count} sinks");
        long accepted = _epochs.Sum(static epoch => epoch.Sink.Ledger.Accepted);
        Assert.True(accepted > 20_000, $"only {accepted} events accepted: that was no storm for the dispatcher");
        foreach (StormEpoch epoch in _epochs)
            epoch.Settle();
        Assert.Equal(Producers * EventsEach, _epochs.Sum(static epoch => epoch.Sink.Ledger.Offered));
        Assert.Contains(_epochs, static epoch => epoch.Sink.Starts > 1);
        Assert.Contains(_epochs, static epoch => epoch.Sink.State == SinkState.Failure);
        Assert.Contains(_epochs, static epoch => epoch.Sink.State == SinkState.Cancelled);
        Assert.All(_epochs, static epoch => epoch.Dispose());
    }

    private void Begin()
    {
        QueueOverflowPolicy policy = _epochs.Count % 2 == 0 ? QueueOverflowPolicy.Drop : QueueOverflowPolicy.RaiseError;
        var epoch = new StormEpoch(Producers, Limit, policy);
        _epochs.Add(epoch);
        _current = epoch;
    }

    private void Produce(int producer)
    {
        for (int number = 0; number < EventsEach; number++)
        {
            StormEpoch epoch = _current;
            LogOutcome outcome = epoch.Offer(new StormEvent(producer, number));
            Volatile.Write(ref _offered[producer * 16], number + 1);
            if (outcome == LogOutcome.InvalidState)
                Bounded.Until(() => _over || _current != epoch || epoch.Sink.State <= SinkState.Running, "a sink that accepts");
            else if (outcome != LogOutcome.Accepted)
                Thread.SpinWait(50); // some time for the dispatcher; giving the core away instead costs whole turns on a busy machine
        }
    }

    /// <summary>After every 40 000 events: stops and restarts the sink, or, every third time, breaks it and begins another.</summary>
    private void Disturb()
    {
        for (int round = 1; ; round++)
        {
            int due = round * 40_000;
            Bounded.Until(() => Offered() >= due || AllHaveOffered(), $"{due} events");
            if (AllHaveOffered())
                return;
            if (round % 3 == 0)
                Break(round % 2 == 0 ? new OperationCanceledException() : new InvalidOperationException("storm"));
            else
                Restart();
        }
    }

    private void Restart()
    {
        StormSink sink = _current.Sink;
        if (sink.State is SinkState.Virgin or SinkState.Starting)
            sink.Start().Result();
        sink.Stop().Succeeds();
        sink.Start().Succeeds();
    }

    private void Break(Exception error)
    {
        StormSink sink = _current.Sink;
        sink.Break(error);

        // When the producers are through there may be no event left to fail; the sink then goes on to its normal end.
        Bounded.Until(() => Invariants.IsTerminal(sink.State) || AllHaveOffered(), "the failure");
        if (Invariants.IsTerminal(sink.State))
        {
            sink.UntilAtRest();
            Begin();
        }
    }

    private static void Rest(StormEpoch epoch)
    {
        epoch.Sink.FlushAsync().Result();
        if (epoch.Sink.State == SinkState.Running)
            epoch.Sink.Stop().Result();
        if (epoch.Sink.State != SinkState.Virgin)
            epoch.Sink.UntilAtRest();
    }

    private void Sample()
    {
        while (!_over)
        {
            StormEpoch epoch = _current;
            SinkLedger last = default;
            while (!_over && _current == epoch)
            {
                SinkLedger next = epoch.Sink.Ledger;
                if (!Invariants.LedgerHolds(next, epoch.Limit) || !Invariants.LedgerGrows(last, next))
                    _violations.Enqueue($"{last} then {next}");
                last = next;
                _samples++;
            }
        }
    }

    private int Offered() => Enumerable.Range(0, Producers).Sum(producer => Volatile.Read(ref _offered[producer * 16]));

    private bool AllHaveOffered() => Offered() == Producers * EventsEach;
}
