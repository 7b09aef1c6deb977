using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Conservation;

public sealed class HandOverTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(5_000)]
    public void C2_Undelivered_events_are_handed_over_once_in_order_with_the_cause(int left)
    {
        var calls = new List<(IReadOnlyList<string> Items, SinkException Cause)>();
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = async (_, token) =>
            {
                await dispatch.PassAsync(token);
                throw new InvalidOperationException("broken");
            },
            Undelivered = (items, cause) =>
            {
                calls.Add((items, cause));
                return ValueTask.CompletedTask;
            },
        });
        string[] rest = [.. Enumerable.Range(0, left).Select(static i => $"{i}")];
        hosted.Sink.Log("fails");
        foreach (string item in rest)
            hosted.Sink.Log(item);
        dispatch.Open();
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        (IReadOnlyList<string> items, SinkException cause) = Assert.Single(calls);
        Assert.Equal(rest, items);
        Assert.All(rest.Zip(items), static pair => Assert.Same(pair.First, pair.Second));
        Assert.Same(hosted.Sink.LastError, cause);
        Assert.Equal((1, left), (hosted.Sink.Ledger.Failed, hosted.Sink.Ledger.Undelivered));
    }

    [Fact]
    public void C2_The_event_that_failed_is_not_handed_over_and_nothing_left_means_no_call()
    {
        using Hosted<ScriptedSink> hosted = Hosted.Failed();
        Assert.Empty(hosted.Sink.HandedOver);
        Assert.Null(hosted.Sink.HandOverCause);
    }

    [Fact]
    public void C2_A_normal_stop_hands_nothing_over()
    {
        using var hosted = Hosted.Running(() => new ScriptedSink());
        for (int i = 0; i < 100; i++)
            hosted.Sink.Log("x");
        hosted.Sink.Stop().Succeeds();
        Assert.Empty(hosted.Sink.HandedOver);
    }

    [Fact]
    public void C2_The_hand_over_runs_on_the_loop_and_its_awaits_come_back_to_it()
    {
        var loops = new List<SinkLoop?>();
        using var hosted = Hosted.Virgin(() => new ScriptedSink
        {
            Starting = static _ => throw new InvalidOperationException("no backend"),
            Undelivered = async (_, _) =>
            {
                loops.Add(SinkLoop.Current);
                await Task.Yield();
                loops.Add(SinkLoop.Current);
            },
        });
        hosted.Sink.Log("x");
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.Equal([hosted.Loop, hosted.Loop], loops);
    }

    [Fact]
    public void C2_Events_accepted_while_the_sink_is_failing_are_handed_over_too_and_none_is_lost()
    {
        for (int round = 0; round < 40; round++)
        {
            int failing = round;
            using var hosted = Hosted.Running(() => new ScriptedSink
            {
                Dispatching = (item, _) => item == $"2-{failing}" ? throw new InvalidOperationException("broken") : ValueTask.CompletedTask,
            });
            int[] accepted = new int[3];
            Together.Run(3, index =>
            {
                // A full queue refuses; the same event is then offered again, or the one that is to fail might never get in.
                while (hosted.Sink.TryLog($"{index}-{accepted[index]}") is var outcome && outcome != LogOutcome.InvalidState)
                    accepted[index] += outcome == LogOutcome.Accepted ? 1 : 0;
            });
            hosted.Sink.UntilAtRest();
            Assert.Equal(accepted.Sum(), hosted.Sink.Delivered.Count + 1 + hosted.Sink.HandedOver.Count);
            string[] all = [.. hosted.Sink.Delivered, $"2-{failing}", .. hosted.Sink.HandedOver];
            foreach (IGrouping<char, string> producer in all.GroupBy(static item => item[0]))
            {
                int[] numbers = [.. producer.Select(static item => int.Parse(item.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture))];
                Assert.Equal(numbers.Order(), numbers);
            }
        }
    }

    [Fact]
    public void C2_An_event_whose_dispatch_never_returns_is_handed_over_first_when_the_loop_is_given_up()
    {
        var stuck = new Checkpoint();
        var hosted = Hosted.Running(() => new ScriptedSink { Dispatching = (_, _) => { stuck.PassBlocking(); return ValueTask.CompletedTask; } });
        foreach (string item in new[] { "stuck", "left 1", "left 2" })
            hosted.Sink.Log(item);
        stuck.UntilReached();
        hosted.Loop.Host.BeginClose(); // what Dispose does, without its grace of ten seconds
        hosted.Loop.Host.Join(TimeSpan.Zero);
        Assert.Equal(SinkState.Cancelled, hosted.Sink.State);
        Assert.Equal(["stuck", "left 1", "left 2"], hosted.Sink.HandedOver);
        Assert.Equal((3, 3, 0), (hosted.Sink.Ledger.Accepted, hosted.Sink.Ledger.Undelivered, hosted.Sink.Ledger.Pending));

        // What comes back too late is ignored: no event is finished twice.
        stuck.Open();
        Assert.True(hosted.Loop.Host.Ended.Task.Wait(Bounded.Time));
        Assert.Equal((0, 3), (hosted.Sink.Ledger.Delivered, hosted.Sink.Ledger.Undelivered));
        hosted.Dispose();
    }
}
