using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Lifecycle;

public sealed class DispatchFailureTests
{
    public static TheoryData<string> Ways =>
    [
        "synchronously", "after an await", "after ConfigureAwait(false)", "from an IValueTaskSource",
        "from an IValueTaskSource that has failed already", "as a task that has failed already",
    ];

    [Theory]
    [MemberData(nameof(Ways))]
    public void L12_A_dispatch_that_throws_makes_the_sink_fail_with_it_inside(string way)
    {
        var thrown = new InvalidOperationException("broken");
        using var hosted = Hosted.Running(() => new TypedSink<string> { Dispatching = (_, _) => Throwing.Task(way, thrown) });
        hosted.Sink.Log("fails");
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        var error = Assert.IsType<UnexpectedSinkException>(hosted.Sink.LastError);
        Assert.Equal(SinkErrorReason.UnexpectedError, error.Reason);
        Assert.Same(thrown, error.InnerException);
        Assert.Equal((1, 1, 0), (hosted.Sink.Ledger.Accepted, hosted.Sink.Ledger.Failed, hosted.Sink.Ledger.Delivered));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void L12_A_SinkException_that_a_dispatch_throws_is_itself_the_last_error(string way)
    {
        var thrown = new SinkException(SinkErrorReason.QueueOverflow, "of the backend's own sink");
        using var hosted = Hosted.Running(() => new TypedSink<string> { Dispatching = (_, _) => Throwing.Task(way, thrown) });
        hosted.Sink.Log("fails");
        hosted.Sink.UntilState(SinkState.Failure);
        Assert.Same(thrown, hosted.Sink.LastError);
    }

    [Fact]
    public void L12_The_first_event_of_a_lazily_started_sink_may_be_the_one_that_fails()
    {
        using var hosted = Hosted.Virgin(() => new BareSink(dispatching: static _ => throw new InvalidOperationException("broken")));
        hosted.Sink.Log("fails");
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.Equal(1, hosted.Sink.Ledger.Failed);
    }

    [Fact]
    public void L12_The_stopped_hook_runs_exactly_once_as_clean_up_after_the_hand_over()
    {
        var order = new List<string>();
        var dispatch = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = async (_, token) =>
            {
                await dispatch.PassAsync(token);
                throw new InvalidOperationException("broken");
            },
            Undelivered = async (_, _) =>
            {
                await Task.Yield();
                order.Add("handed over");
            },
            Stopped = _ =>
            {
                order.Add("cleaned up");
                return ValueTask.CompletedTask;
            },
        });
        hosted.Sink.Log("fails");
        hosted.Sink.Log("left");
        dispatch.Open();
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.Equal(["handed over", "cleaned up"], order);
        Assert.Equal(1, hosted.Sink.StoppedRuns);
        Assert.Empty(hosted.Sink.Delivered);
    }

    [Fact]
    public void L12_The_sink_is_not_at_rest_before_its_clean_up_has_ended()
    {
        var cleanUp = new Checkpoint();
        using var hosted = Hosted.Running(() => new ScriptedSink
        {
            Dispatching = static (_, _) => throw new InvalidOperationException("broken"),
            Stopped = cleanUp.PassAsync,
        });
        hosted.Sink.Log("fails");
        cleanUp.UntilReached();
        Assert.Equal(SinkState.Failure, hosted.Sink.State);
        Assert.False(((ILoopBound)hosted.Sink).WhenAtRest().IsCompleted);
        cleanUp.Open();
        hosted.Sink.UntilAtRest();
    }

    [Fact]
    public void L12_LastError_is_there_before_the_state_says_Failure_and_never_changes()
    {
        for (int round = 0; round < 30; round++)
        {
            using var hosted = Hosted.Running(() => new BareSink(dispatching: static item =>
            {
                if (item == "fail")
                    throw new InvalidOperationException("broken");
            }));

            // Producers that go on keep the gate moving, so that the step to Failure has to be tried more than once.
            Together.Run(4, index =>
            {
                SinkException? first = null;
                for (int i = 0; hosted.Sink.State == SinkState.Running; i++)
                {
                    if (index == 3)
                        first ??= hosted.Sink.LastError;
                    else
                        hosted.Sink.TryLog(index == 0 && i >= 200 ? "fail" : "fine");
                }

                SinkException last = Assert.IsType<UnexpectedSinkException>(hosted.Sink.LastError);
                Assert.Same(last, first ?? last);
            });
            hosted.Sink.UntilAtRest();
        }
    }

    [Fact]
    public void L12_Events_before_the_failing_one_are_delivered_and_those_after_it_are_not()
    {
        using var hosted = Hosted.Virgin(() => new ScriptedSink
        {
            Dispatching = static (item, _) => item == "b" ? throw new InvalidOperationException("broken") : ValueTask.CompletedTask,
        });
        var hook = new Checkpoint();
        hosted.Sink.Starting = hook.PassAsync;
        foreach (string item in new[] { "a", "b", "c" })
            hosted.Sink.Log(item);
        hook.Open();
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.Equal(["a"], hosted.Sink.Delivered);
        Assert.Equal(["c"], hosted.Sink.HandedOver);
    }
}
