using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Budget;

/// <summary>The sink's clock is somebody else's code: what it throws reaches no caller, and no stop is without end for it.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class BrokenTimerTests : IDisposable
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(50);

    private readonly DiagnosticsCapture _diagnostics = new();

    public static TheoryData<string> Faults => [nameof(TimerFault.ChangeThrows), nameof(TimerFault.ChangeFails), nameof(TimerFault.SecondChangeThrows), nameof(TimerFault.NoTimer)];

    public void Dispose() => _diagnostics.Dispose();

    [Theory]
    [MemberData(nameof(Faults))]
    public void W4_A_timer_that_cannot_be_set_does_not_make_Stop_throw_and_the_stop_ends_by_the_systems_time(string fault)
    {
        var never = new TaskCompletionSource();
        using var hosted = Hosted.Running(() => new ScriptedSink(new SinkOptions { Namespace = "audit", TimeProvider = new FaultyClock(Enum.Parse<TimerFault>(fault)) })
        {
            Dispatching = async (_, _) => await never.Task,
        });
        hosted.Sink.Log("0");
        SinkWaitHandle? stop = null;
        Assert.Null(Record.Exception(() => stop = hosted.Sink.Stop(_short)));
        Assert.Equal(_short, Assert.IsType<StopBudgetSpentException>(Patience.Finish(stop!).Error).Budget);
        Assert.Equal(["0"], hosted.Sink.HandedOver);
        Assert.Contains("TimeProvider of sink 'audit'", DiagnosticsCapture.ContextOf(_diagnostics.WaitForOne(static error => error is InvalidOperationException)), StringComparison.Ordinal);
        never.SetResult();
    }

    [Fact]
    public void W4_A_timer_that_cannot_be_disposed_is_reported_and_harms_no_stop()
    {
        using var hosted = Hosted.Running(static () => new ScriptedSink(new SinkOptions { TimeProvider = new FaultyClock(TimerFault.DisposeThrows) }));
        Assert.True(Patience.Finish(hosted.Sink.Stop(TimeSpan.FromHours(1))).Success);
        _diagnostics.WaitForOne(static error => error is InvalidOperationException);
        Assert.True(Patience.Finish(hosted.Sink.Start()).Success);
        Assert.True(Patience.Finish(hosted.Sink.Stop(TimeSpan.FromHours(1))).Success);
    }

    [Fact]
    public void W4_Stop_with_a_budget_may_be_called_where_the_flow_is_suppressed()
    {
        using var hosted = Hosted.Running(static () => new ScriptedSink());
        SinkWaitHandle stop;
        using (ExecutionContext.SuppressFlow())
            stop = hosted.Sink.Stop(TimeSpan.FromHours(1));
        Assert.True(Patience.Finish(stop).Success);
        Assert.Empty(_diagnostics.Errors);
    }

    [Fact]
    public void A_batch_whose_timer_cannot_be_set_is_dispatched_at_once()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions
        {
            MaxBatchSize = 10,
            MaxBatchDelay = TimeSpan.FromHours(1),
            TimeProvider = new FaultyClock(TimerFault.ChangeFails),
        });
        managed.Sink.Log("0");
        Patience.Until(() => managed.Sink.Delivered.Count == 1, "The batch is dispatched");
        Assert.Contains("TimeProvider of a sink", DiagnosticsCapture.ContextOf(_diagnostics.WaitForOne(static error => error is InvalidOperationException)), StringComparison.Ordinal);
    }

    private enum TimerFault
    {
        ChangeThrows,
        ChangeFails,
        SecondChangeThrows,
        DisposeThrows,
        NoTimer,
    }

    private sealed class FaultyClock(TimerFault fault) : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            fault == TimerFault.NoTimer ? null! : new FaultyTimer(fault, System.CreateTimer(callback, state, dueTime, period));
    }

    private sealed class FaultyTimer(TimerFault fault, ITimer inner) : ITimer
    {
        private int _changes;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _changes++;
            if (fault == TimerFault.ChangeThrows || (fault == TimerFault.SecondChangeThrows && _changes == 2))
                throw new InvalidOperationException("broken timer");
            return fault != TimerFault.ChangeFails && inner.Change(dueTime, period);
        }

        public void Dispose()
        {
            inner.Dispose();
            if (fault == TimerFault.DisposeThrows)
                throw new InvalidOperationException("broken timer");
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
