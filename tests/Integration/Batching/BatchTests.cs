namespace Mvx.Sink.Integration.Batching;

public sealed class BatchTests
{
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A6_Batches_hold_every_event_in_order_and_none_is_larger_than_allowed()
    {
        await using ManagedSink<BatchingSink> managed = SinkRuntime.Create(() => new BatchingSink(new SinkOptions { MaxBatchSize = 7, QueueMaxSize = 2_000 }));
        for (int i = 0; i < 1_000; i++)
            managed.Sink.Log(i);
        await managed.Sink.FlushAsync();

        Assert.Equal(Enumerable.Range(0, 1_000), managed.Sink.Batches.SelectMany(static batch => batch));
        Assert.All(managed.Sink.Batches, static batch => Assert.InRange(batch.Length, 1, 7));
    }

    [Fact]
    public async Task A_backlog_comes_in_full_batches()
    {
        var gate = new TaskCompletionSource();
        await using ManagedSink<BatchingSink> managed = SinkRuntime.Create(() => new BatchingSink(new SinkOptions { MaxBatchSize = 10 })
        {
            Dispatching = async (_, _, _) => await gate.Task,
        });
        managed.Sink.Log(0);
        Assert.True(SpinWait.SpinUntil(() => !managed.Sink.Batches.IsEmpty, _bound));
        for (int i = 1; i <= 25; i++)
            managed.Sink.Log(i);
        gate.SetResult();
        await managed.Sink.FlushAsync();

        Assert.Equal([1, 10, 10, 5], managed.Sink.Batches.Select(static batch => batch.Length));
    }

    [Fact]
    public void C1_When_a_batch_fails_unreported_its_first_event_failed_and_the_rest_is_handed_over()
    {
        BatchingSink sink = FailingSink(static (_, _, _) => throw new InvalidDataException("no"), out ManagedSink<BatchingSink> managed, out SinkLedger ledger);

        Assert.Equal((0, 1, 9), (ledger.Delivered, ledger.Failed, ledger.Undelivered));
        Assert.Equal(Enumerable.Range(1, 9), sink.HandedOver);
        Assert.Equal(0, ledger.Pending);
        managed.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void C1_Reported_events_of_a_failing_batch_are_delivered(int reported)
    {
        BatchingSink sink = FailingSink(
            async (_, report, _) =>
            {
                report(reported);
                await Task.Yield();
                throw new InvalidDataException("no");
            },
            out ManagedSink<BatchingSink> managed,
            out SinkLedger ledger);

        Assert.Equal((reported, 1, 9 - reported), (ledger.Delivered, ledger.Failed, ledger.Undelivered));
        Assert.Equal(Enumerable.Range(reported + 1, 9 - reported), sink.HandedOver);
        managed.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(9)]
    public void C1_One_by_one_in_a_batch_the_accounting_is_exact(int failing)
    {
        var sink = default(OneByOneSink);
        var managed = SinkRuntime.Create(() => sink = new OneByOneSink(new SinkOptions { MaxBatchSize = 5, QueueMaxSize = 100, StopBudget = _bound }));
        managed.Sink.Dispatching = async item =>
        {
            if (item % 2 == 0)
                await Task.Yield();
            if (item == failing)
                throw new InvalidDataException("no");
        };
        for (int i = 0; i < 10; i++)
            managed.Sink.TryLog(i);
        Record.Exception(managed.Terminate);

        SinkLedger ledger = sink!.Ledger;
        Assert.Equal(SinkState.Failure, sink.State);
        Assert.Equal(Enumerable.Range(0, failing), sink.Delivered);
        Assert.Equal((failing, 1), (ledger.Delivered, ledger.Failed));
        Assert.Equal(Enumerable.Range(failing + 1, (int)ledger.Undelivered), sink.HandedOver);
        Assert.Equal(0, ledger.Pending);
    }

    [Fact]
    public async Task A_partial_batch_waits_no_longer_than_its_delay()
    {
        await using ManagedSink<BatchingSink> managed = SinkRuntime.Create(() => new BatchingSink(new SinkOptions { MaxBatchSize = 100, MaxBatchDelay = TimeSpan.FromMilliseconds(20) }));
        managed.Sink.Log(1);
        managed.Sink.Log(2);

        Assert.True(SpinWait.SpinUntil(() => managed.Sink.Ledger.Delivered == 2, _bound));
        Assert.Equal([1, 2], managed.Sink.Batches.SelectMany(static batch => batch));
    }

    [Fact]
    public async Task A_full_batch_does_not_wait()
    {
        await using ManagedSink<BatchingSink> managed = SinkRuntime.Create(() => new BatchingSink(new SinkOptions { MaxBatchSize = 3, MaxBatchDelay = TimeSpan.FromHours(1) }));
        for (int i = 0; i < 3; i++)
            managed.Sink.Log(i);

        Assert.True(SpinWait.SpinUntil(() => managed.Sink.Ledger.Delivered == 3, _bound));
    }

    [Fact]
    public async Task C3_A_flush_does_not_wait_for_a_batch_to_fill()
    {
        await using ManagedSink<BatchingSink> managed = SinkRuntime.Create(() => new BatchingSink(new SinkOptions { MaxBatchSize = 100, MaxBatchDelay = TimeSpan.FromHours(1) }));
        managed.Sink.Log(1);
        FlushReport report = await managed.Sink.FlushAsync().AsTask().WaitAsync(_bound);

        Assert.Equal(new FlushReport(1, 0, 0), report);
    }

    [Fact]
    public void L6_A_stop_does_not_wait_for_a_batch_to_fill()
    {
        using ManagedSink<BatchingSink> managed = SinkRuntime.Create(() => new BatchingSink(new SinkOptions { MaxBatchSize = 100, MaxBatchDelay = TimeSpan.FromHours(1) }));
        managed.Sink.Log(1);
        managed.Terminate();

        Assert.Equal(1, managed.Sink.Ledger.Delivered);
    }

    [Fact]
    public async Task Reporting_more_than_the_batch_holds_is_refused()
    {
        Exception? thrown = null;
        await using ManagedSink<BatchingSink> managed = SinkRuntime.Create(() => new BatchingSink(new SinkOptions { MaxBatchSize = 2 })
        {
            Dispatching = (_, report, _) =>
            {
                thrown = Record.Exception(() => report(3));
                return ValueTask.CompletedTask;
            },
        });
        managed.Sink.Log(1);
        await managed.Sink.FlushAsync();

        var error = Assert.IsType<ArgumentOutOfRangeException>(thrown);
        Assert.Equal(3, error.ActualValue);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_batch_size_below_one_is_refused(int size)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => new SinkOptions { MaxBatchSize = size });
        Assert.Equal(nameof(SinkOptions.MaxBatchSize), error.ParamName);
        Assert.Equal(size, error.ActualValue);
    }

    [Fact]
    public void A_negative_batch_delay_is_refused() =>
        Assert.Equal(
            nameof(SinkOptions.MaxBatchDelay),
            Assert.Throws<ArgumentOutOfRangeException>(() => new SinkOptions { MaxBatchDelay = TimeSpan.FromTicks(-1) }).ParamName);

    /// <summary>Gives a sink ten events in one batch, and waits until its failure has been cleaned up.</summary>
    private static BatchingSink FailingSink(Func<int[], Action<int>, CancellationToken, ValueTask> dispatching, out ManagedSink<BatchingSink> managed, out SinkLedger ledger)
    {
        managed = SinkRuntime.Create(() => new BatchingSink(new SinkOptions { MaxBatchSize = 10, MaxBatchDelay = TimeSpan.FromHours(1) }) { Dispatching = dispatching });
        for (int i = 0; i < 10; i++)
            managed.Sink.Log(i);
        BatchingSink sink = managed.Sink;
        Assert.True(SpinWait.SpinUntil(() => sink.State == SinkState.Failure && sink.Ledger.Pending == 0, _bound));
        managed.Terminate();
        ledger = sink.Ledger;
        return sink;
    }
}
