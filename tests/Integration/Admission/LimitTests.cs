using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.AdmissionRules;

public sealed class LimitTests
{
    [Fact]
    public void A3_At_the_limit_RaiseError_throws_QueueOverflow_and_counts()
    {
        using var full = new FullSink(3, QueueOverflowPolicy.RaiseError);
        var error = Assert.Throws<QueueOverflowException>(() => full.Sink.Log("too many"));
        Assert.Equal(SinkErrorReason.QueueOverflow, error.Reason);
        Assert.Equal("QUEUE_OVERFLOW", error.Code);
        Assert.Equal(3, error.Limit);
        Assert.Equal(LogOutcome.QueueFull, full.Sink.TryLog("too many"));
        Assert.Equal((3, 2, 0), (full.Sink.Ledger.Accepted, full.Sink.Ledger.Rejected, full.Sink.Ledger.Dropped));
        Assert.Equal(SinkState.Running, full.Sink.State);
        Assert.Null(full.Sink.LastError);
    }

    [Fact]
    public void A3_At_the_limit_the_hundredth_event_is_answered_like_the_first()
    {
        using var raises = new FullSink(3, QueueOverflowPolicy.RaiseError);
        using var drops = new FullSink(3, QueueOverflowPolicy.Drop);
        for (int i = 1; i <= 100; i++)
        {
            Assert.Throws<QueueOverflowException>(() => raises.Sink.Log("too many"));
            Assert.Equal(LogOutcome.QueueFull, raises.Sink.TryLog("too many"));
            drops.Sink.Log("too many");
            Assert.Equal(LogOutcome.Dropped, drops.Sink.TryLog("too many"));
            Assert.Equal((2 * i, 0), (raises.Sink.Ledger.Rejected, raises.Sink.Ledger.Dropped));
            Assert.Equal((0, 2 * i), (drops.Sink.Ledger.Rejected, drops.Sink.Ledger.Dropped));
        }
    }

    [Fact]
    public void A3_At_the_limit_Drop_returns_and_counts()
    {
        using var full = new FullSink(3, QueueOverflowPolicy.Drop);
        full.Sink.Log("too many");
        Assert.Equal(LogOutcome.Dropped, full.Sink.TryLog("too many"));
        Assert.Equal((3, 0, 2, 5), (full.Sink.Ledger.Accepted, full.Sink.Ledger.Rejected, full.Sink.Ledger.Dropped, full.Sink.Ledger.Offered));
        full.Dispatch.Open();
        Assert.Equal(3, full.Sink.FlushAsync().Result().Delivered);
        Assert.DoesNotContain("too many", full.Sink.Delivered);
    }

    [Theory]
    [InlineData(QueueOverflowPolicy.RaiseError)]
    [InlineData(QueueOverflowPolicy.Drop)]
    public void A3_Once_there_is_room_again_events_are_accepted_again(QueueOverflowPolicy policy)
    {
        using var full = new FullSink(2, policy);
        Assert.NotEqual(LogOutcome.Accepted, full.Sink.TryLog("too many"));
        full.Dispatch.Open();
        full.Sink.FlushAsync().Result();
        Assert.Equal(LogOutcome.Accepted, full.Sink.TryLog("fits"));
    }

    [Fact]
    public void A3_The_limit_holds_while_starting_too()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink(new SinkOptions { QueueMaxSize = 2 }) { Starting = hook.PassAsync });
        hosted.Sink.Log("1");
        hosted.Sink.Log("2");
        Assert.Equal(LogOutcome.QueueFull, hosted.Sink.TryLog("3"));
        hook.Open();
        Assert.Equal(2, hosted.Sink.FlushAsync().Result().Delivered);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A4_The_event_in_dispatch_counts_until_its_dispatch_has_finished(bool blocking)
    {
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink(new SinkOptions { QueueMaxSize = 1 })
        {
            Dispatching = async (_, token) =>
            {
                if (blocking)
                    dispatch.PassBlocking();
                else
                    await dispatch.PassAsync(token);
            },
        });
        hosted.Sink.Log("in dispatch");
        dispatch.UntilReached();
        Assert.Equal(1, hosted.Sink.Ledger.Pending);
        Assert.Equal(LogOutcome.QueueFull, hosted.Sink.TryLog("no room"));
        dispatch.Open();
        hosted.Sink.FlushAsync().Result();
        Assert.Equal(0, hosted.Sink.Ledger.Pending);
        Assert.Equal(LogOutcome.Accepted, hosted.Sink.TryLog("room"));
    }

    [Fact]
    public void A4_A_dispatch_that_logs_still_counts_itself()
    {
        ScriptedSink? self = null;
        LogOutcome? inner = null;
        using var hosted = Hosted.Running(() => self = new ScriptedSink(new SinkOptions { QueueMaxSize = 1 }));
        hosted.Sink.Dispatching = (_, _) =>
        {
            inner = self!.TryLog("from inside");
            return ValueTask.CompletedTask;
        };
        hosted.Sink.Log("one");
        hosted.Sink.FlushAsync().Result();
        Assert.Equal(LogOutcome.QueueFull, inner);
    }

    [Fact]
    public void A4_Pending_falls_one_by_one_as_dispatches_finish()
    {
        ScriptedSink? self = null;
        var pending = new List<long>();
        using var hosted = Hosted.Virgin(() => self = new ScriptedSink());
        var hook = new Checkpoint();
        hosted.Sink.Starting = hook.PassAsync;
        hosted.Sink.Dispatching = (_, _) =>
        {
            pending.Add(self!.Ledger.Pending);
            return ValueTask.CompletedTask;
        };
        for (int i = 0; i < 5; i++)
            hosted.Sink.Log($"{i}");
        hook.Open();
        hosted.Sink.FlushAsync().Result();
        Assert.Equal([5, 4, 3, 2, 1], pending);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void A5_Eight_threads_fill_a_blocked_sink_to_exactly_its_limit(int limit)
    {
        foreach (QueueOverflowPolicy policy in new[] { QueueOverflowPolicy.RaiseError, QueueOverflowPolicy.Drop })
        {
            var dispatch = new Checkpoint();
            using var hosted = Hosted.Running(() => new ScriptedSink(new SinkOptions { QueueMaxSize = limit, OverflowPolicy = policy })
            {
                Dispatching = (_, token) => dispatch.PassAsync(token),
            });
            int offersEach = (limit / 4) + 100;
            int[] accepted = Together.Ask(8, _ =>
            {
                int count = 0;
                for (int i = 0; i < offersEach; i++)
                    count += hosted.Sink.TryLog("x") == LogOutcome.Accepted ? 1 : 0;
                return count;
            });
            Assert.Equal(limit, accepted.Sum());
            SinkLedger ledger = hosted.Sink.Ledger;
            Assert.Equal((limit, limit, 8 * offersEach), (ledger.Accepted, ledger.Pending, ledger.Offered));
            dispatch.Open();
            Assert.Equal(limit, hosted.Sink.FlushAsync().Result().Delivered);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    public void A5_The_limit_is_never_exceeded_while_eight_threads_race_a_running_dispatcher(int limit)
    {
        using var hosted = Hosted.Running(() => new TypedSink<int>(new SinkOptions { QueueMaxSize = limit, OverflowPolicy = QueueOverflowPolicy.Drop }));
        int[] accepted = new int[8];
        Together.Run(9, index =>
        {
            if (index == 8)
            {
                SinkLedger ledger = default;
                while (ledger.Offered < 8 * 10_000)
                {
                    ledger = hosted.Sink.Ledger;
                    Assert.True(ledger.Pending <= limit, ledger.ToString());
                }

                return;
            }

            for (int i = 0; i < 10_000; i++)
                accepted[index] += hosted.Sink.TryLog(i) == LogOutcome.Accepted ? 1 : 0;
        });
        hosted.Sink.Stop().Succeeds();
        Assert.Equal(accepted.Sum(), hosted.Sink.Seen.Count);
    }

    [Fact]
    public void A9_A_limit_below_one_is_refused_naming_the_option_and_the_value()
    {
        foreach (int bad in new[] { 0, -1, int.MinValue })
        {
            var error = Assert.Throws<ArgumentOutOfRangeException>(() => new SinkOptions { QueueMaxSize = bad });
            Assert.Equal(nameof(SinkOptions.QueueMaxSize), error.ParamName);
            Assert.Equal(bad, error.ActualValue);
        }
    }

    [Fact]
    public void A9_A_limit_of_null_means_ten_thousand()
    {
        var hook = new Checkpoint();
        using var hosted = Hosted.Virgin(() => new ScriptedSink(new SinkOptions { QueueMaxSize = null }) { Starting = hook.PassAsync });
        for (int i = 0; i < 10_000; i++)
            hosted.Sink.Log("x");
        Assert.Equal(10_000, Assert.Throws<QueueOverflowException>(() => hosted.Sink.Log("one more")).Limit);
        hook.Open();
    }

    /// <summary>A running sink whose dispatcher is blocked and whose queue is full.</summary>
    private sealed class FullSink : IDisposable
    {
        private readonly Hosted<ScriptedSink> _hosted;

        public FullSink(int limit, QueueOverflowPolicy policy)
        {
            _hosted = Hosted.Running(() => new ScriptedSink(new SinkOptions { QueueMaxSize = limit, OverflowPolicy = policy })
            {
                Dispatching = (_, token) => Dispatch.PassAsync(token),
            });
            for (int i = 0; i < limit; i++)
                Sink.Log($"{i}");
        }

        public Checkpoint Dispatch { get; } = new();

        public ScriptedSink Sink => _hosted.Sink;

        public void Dispose() => _hosted.Dispose();
    }
}
