using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

public sealed class RestartTests
{
    [Fact]
    public void L10_A_stopped_sink_starts_again_any_number_of_times_and_its_hooks_run_each_time()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        for (int round = 1; round <= 300; round++)
        {
            hosted.Sink.Start().Succeeds();
            hosted.Sink.Log($"{round}");
            hosted.Sink.Stop().Succeeds();
            Assert.Equal((round, round, round), (hosted.Sink.StartingRuns, hosted.Sink.StoppedRuns, hosted.Sink.Delivered.Count));
        }

        Assert.Equal(Enumerable.Range(1, 300).Select(static i => $"{i}"), hosted.Sink.Delivered);
    }

    [Fact]
    public void L10_Events_logged_during_a_restart_wait_for_its_hook()
    {
        using var hosted = Hosted.Stopped(() => new ScriptedSink());
        var hook = new Checkpoint();
        hosted.Sink.Starting = hook.PassAsync;
        SinkWaitHandle start = hosted.Sink.Start();
        hook.UntilReached();
        hosted.Sink.Log("waits");
        Assert.Equal(1, hosted.Sink.Ledger.Pending);
        hook.Open();
        start.Succeeds();
        Assert.Equal(1, hosted.Sink.FlushAsync().Result().Delivered);
    }

    [Fact]
    public void L10_A_handle_of_an_earlier_round_keeps_its_own_result()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        SinkWaitHandle firstStart = hosted.Sink.Start();
        firstStart.Succeeds();
        SinkWaitHandle firstStop = hosted.Sink.Stop();
        firstStop.Succeeds();
        hosted.Sink.Starting = _ => throw new InvalidOperationException("second time");
        SinkWaitHandle secondStart = hosted.Sink.Start();
        secondStart.Error<OnStartingHookFailedException>();
        firstStart.Succeeds();
        firstStop.Succeeds();
    }

    [Fact]
    public void L10_After_a_restart_LastError_is_null_and_an_event_is_delivered()
    {
        using var hosted = Hosted.Stopped(() => new ScriptedSink());
        Assert.Equal(LogOutcome.InvalidState, hosted.Sink.TryLog("refused"));
        hosted.Sink.Start().Succeeds();
        Assert.Null(hosted.Sink.LastError);
        hosted.Sink.Log("delivered");
        Assert.True(hosted.Sink.FlushAsync().Result().AllDelivered);
        Assert.Equal(["delivered"], hosted.Sink.Delivered);
    }

    [Fact]
    public void L10_Restarting_races_with_callers_of_Start_and_Stop_and_each_round_runs_each_hook_once()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        Together.Run(4, index =>
        {
            for (int i = 0; i < 200; i++)
                Assert.True((index % 2 == 0 ? hosted.Sink.Start() : hosted.Sink.Stop()).Wait(Bounded.Time, out _));
        });
        if (hosted.Sink.State == SinkState.Running)
            hosted.Sink.Stop().Succeeds();
        Assert.Equal(SinkState.Stopped, hosted.Sink.State);
        Assert.Equal(hosted.Sink.StartingRuns, hosted.Sink.StoppedRuns);
    }

    [Fact]
    public void L10_The_transitions_of_two_rounds_come_in_order()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink());
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var states = new List<SinkState>();
        using IDisposable subscription = hosted.Sink.Lifecycle.Subscribe(change =>
        {
            states.Add(change.To);
            if (states.Count == 9)
                done.SetResult();
        });
        for (int round = 0; round < 2; round++)
        {
            hosted.Sink.Start().Succeeds();
            hosted.Sink.Stop().Succeeds();
        }

        Assert.True(done.Task.Wait(Bounded.Time));
        SinkState[] round1 = [SinkState.Starting, SinkState.Running, SinkState.Stopping, SinkState.Stopped];
        Assert.Equal([SinkState.Virgin, .. round1, .. round1], states);
    }
}
