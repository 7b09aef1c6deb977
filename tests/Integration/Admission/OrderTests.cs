using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Admission;

public sealed class OrderTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A6_Events_are_dispatched_one_at_a_time(bool asynchronous)
    {
        int inside = 0;
        int most = 0;
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = async (_, _) =>
            {
                most = Math.Max(most, Interlocked.Increment(ref inside));
                if (asynchronous)
                    await Task.Yield();
                Interlocked.Decrement(ref inside);
            },
        });
        Together.Run(4, _ =>
        {
            for (int i = 0; i < 500; i++)
                hosted.Sink.Log("x");
        });
        Assert.Equal(2_000, hosted.Sink.FlushAsync().Result().Delivered);
        Assert.Equal(1, most);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(10_000)]
    public void A6_Each_producers_own_order_holds_whatever_the_limit(int limit)
    {
        using var hosted = Hosted.Running(() => new TypedSink<(int Producer, int Number)>(new SinkOptions { QueueMaxSize = limit })
        {
            Dispatching = static (item, _) => item.Number % 97 == 0 ? new ValueTask(Task.Run(static () => { }, CancellationToken.None)) : ValueTask.CompletedTask,
        });
        Together.Run(8, index =>
        {
            var spin = new SpinWait();
            for (int i = 0; i < 2_000; i++)
            {
                while (hosted.Sink.TryLog((index, i)) != LogOutcome.Accepted)
                    spin.SpinOnce();
            }
        });
        hosted.Sink.FlushAsync().Result();
        foreach (IGrouping<int, (int Producer, int Number)> producer in hosted.Sink.Seen.GroupBy(static item => item.Producer))
            Assert.Equal(Enumerable.Range(0, 2_000), producer.Select(static item => item.Number));
        Assert.Equal(16_000, hosted.Sink.Seen.Count);
    }

    [Fact]
    public void A6_The_order_between_producers_is_the_order_of_acceptance()
    {
        using var hosted = Hosted.Running(() => new TypedSink<int>());
        var turn = new Lock();
        int next = 0;

        // Under the lock an event is accepted before the next is offered, so the numbers are the order of acceptance.
        Together.Run(4, _ =>
        {
            for (int i = 0; i < 2_000; i++)
            {
                lock (turn)
                    hosted.Sink.Log(next++);
            }
        });
        hosted.Sink.FlushAsync().Result();
        Assert.Equal(Enumerable.Range(0, 8_000), hosted.Sink.Seen);
    }

    [Fact]
    public void A6_The_order_holds_across_restarts()
    {
        using var hosted = Hosted.Virgin(() => new TypedSink<int>());
        int next = 0;
        for (int round = 0; round < 20; round++)
        {
            SinkWaitHandle start = hosted.Sink.Start();
            for (int i = 0; i < 50; i++)
                hosted.Sink.Log(next++);
            start.Succeeds();
            hosted.Sink.Stop().Succeeds();
        }

        Assert.Equal(Enumerable.Range(0, 1_000), hosted.Sink.Seen);
    }

    [Fact]
    public void A7_The_very_same_object_arrives()
    {
        using var hosted = Hosted.Running(() => new TypedSink<object>());
        object[] items = [.. Enumerable.Range(0, 100).Select(static _ => new object())];
        foreach (object item in items)
            hosted.Sink.Log(item);
        hosted.Sink.FlushAsync().Result();
        Assert.All(items.Zip(hosted.Sink.Seen), static pair => Assert.Same(pair.First, pair.Second));
        Assert.Equal(100, hosted.Sink.Seen.Count);
    }

    [Fact]
    public void A7_Struct_events_arrive_with_all_their_fields()
    {
        using var hosted = Hosted.Running(() => new TypedSink<(Guid Id, long Number, string Text)>());
        (Guid Id, long Number, string Text)[] items = [.. Enumerable.Range(0, 500).Select(static i => (Guid.NewGuid(), i * 1_000_000_007L, $"{i}"))];
        foreach ((Guid, long, string) item in items)
            hosted.Sink.Log(item);
        hosted.Sink.FlushAsync().Result();
        Assert.Equal(items, hosted.Sink.Seen);
    }

    [Fact]
    public void A7_A_struct_that_is_default_is_an_event_like_any_other()
    {
        using var hosted = Hosted.Running(() => new TypedSink<int>());
        hosted.Sink.Log(0);
        hosted.Sink.Log(0);
        hosted.Sink.FlushAsync().Result();
        Assert.Equal([0, 0], hosted.Sink.Seen);
    }

    [Fact]
    public void A7_Null_is_an_ArgumentNullException_in_every_state_and_is_not_counted()
    {
        using var virgin = Hosted.Virgin(() => new ScriptedSink());
        using var stopped = Hosted.Stopped(() => new ScriptedSink());
        using Hosted<ScriptedSink> failed = Hosted.Failed();
        foreach (ScriptedSink sink in new[] { virgin.Sink, stopped.Sink, failed.Sink })
        {
            SinkState before = sink.State;
            long offered = sink.Ledger.Offered;
            Assert.Equal("item", Assert.Throws<ArgumentNullException>(() => sink.Log(null!)).ParamName);
            Assert.Throws<ArgumentNullException>(() => sink.TryLog(null!));
            Assert.Equal((before, offered), (sink.State, sink.Ledger.Offered));
        }
    }

    [Fact]
    public void A7_The_sink_keeps_no_reference_to_a_delivered_event()
    {
        using var hosted = Hosted.Running(() => new ForgetfulSink());
        WeakReference weak = LogOne(hosted.Sink);
        hosted.Sink.FlushAsync().Result();
        hosted.Sink.Log(new object()); // what the dispatcher holds on to, it holds for the latest event only
        hosted.Sink.FlushAsync().Result();
        Bounded.Until(
            () =>
            {
                GC.Collect();
                return !weak.IsAlive;
            },
            "the delivered event to be collected");
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static WeakReference LogOne(ForgetfulSink sink)
    {
        object item = new();
        sink.Log(item);
        return new WeakReference(item);
    }

    private sealed class ForgetfulSink : AsyncSink<object>
    {
        protected override ValueTask DispatchAsync(object item, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
