using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Terminator;

public sealed class CreateTests
{
    [Fact]
    public void T1_Create_returns_a_running_sink_on_a_thread_of_its_own()
    {
        Thread? thread = null;
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(_ => thread = Thread.CurrentThread);
        using ManagedSink<ScriptedSink> other = HostedSink.Create();
        Assert.Equal(SinkState.Running, managed.Sink.State);
        Assert.Equal(1, managed.Sink.StartingRuns);
        Assert.True(thread!.IsAlive);
        Assert.NotEqual(Environment.CurrentManagedThreadId, thread.ManagedThreadId);
        Assert.NotEqual(other.Sink.Threads.First(), managed.Sink.Threads.First());
    }

    [Fact]
    public void T1_Create_returns_after_the_start_hook()
    {
        var gate = new GatedHook();
        var creating = Task.Factory.StartNew(
            () => HostedSink.Create(s => s.Starting = gate.Obedient), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        gate.WaitUntilEntered();
        Assert.False(creating.IsCompleted);
        gate.Open();
        Patience.Finish(creating, "The sink is created").Dispose();
    }

    [Fact]
    public void T1_A_missing_factory_names_the_argument() =>
        Assert.Equal("construct", Assert.Throws<ArgumentNullException>(static () => SinkRuntime.Create<ScriptedSink>(null!)).ParamName);

    [Fact]
    public void T1_A_factory_that_throws_is_the_inner_exception_and_leaves_no_thread()
    {
        Thread? thread = null;
        var cause = new InvalidDataException("bad settings");
        SinkCreationException error = Assert.Throws<SinkCreationException>(() => SinkRuntime.Create<ScriptedSink>(() =>
        {
            thread = Thread.CurrentThread;
            throw cause;
        }));
        Assert.Same(cause, error.InnerException);
        Assert.Contains("bad settings", error.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(ScriptedSink), error.Message, StringComparison.Ordinal);
        Assert.False(thread!.IsAlive);
    }

    [Fact]
    public void T1_A_factory_that_returns_null_is_told_so_and_leaves_no_thread()
    {
        Thread? thread = null;
        SinkCreationException error = Assert.Throws<SinkCreationException>(() => SinkRuntime.Create<ScriptedSink>(() =>
        {
            thread = Thread.CurrentThread;
            return null!;
        }));
        Assert.IsType<InvalidOperationException>(error.InnerException);
        Assert.Contains("returned null", error.Message, StringComparison.Ordinal);
        Assert.False(thread!.IsAlive);
    }

    [Fact]
    public void T1_A_factory_that_returns_a_sink_of_another_loop_is_refused_and_that_sink_is_left_alone()
    {
        using ManagedSink<ScriptedSink> other = HostedSink.Create();
        Thread? thread = null;
        SinkCreationException error = Assert.Throws<SinkCreationException>(() => SinkRuntime.Create(() =>
        {
            thread = Thread.CurrentThread;
            return other.Sink;
        }));
        Assert.IsType<InvalidOperationException>(error.InnerException);
        Assert.Contains("another loop", error.Message, StringComparison.Ordinal);
        Assert.False(thread!.IsAlive);
        Assert.Equal(SinkState.Running, other.Sink.State);
        Assert.Equal(0, other.Sink.StoppedRuns);
    }

    [Fact]
    public void T1_A_start_hook_that_fails_is_the_inner_exception_and_leaves_no_thread()
    {
        Thread? thread = null;
        ScriptedSink? sink = null;
        var cause = new IOException("no disk");
        SinkCreationException error = Assert.Throws<SinkCreationException>(() => HostedSink.Create(s =>
        {
            (thread, sink) = (Thread.CurrentThread, s);
            s.Starting = async _ =>
            {
                await Task.Yield();
                throw cause;
            };
        }));
        var inner = Assert.IsType<OnStartingHookFailedException>(error.InnerException);
        Assert.Same(cause, inner.InnerException);
        Assert.Same(sink!.LastError, inner);
        Assert.Contains("did not start", error.Message, StringComparison.Ordinal);
        Assert.Contains("no disk", error.Message, StringComparison.Ordinal);
        Assert.False(thread!.IsAlive);
        Assert.Equal(SinkState.Failure, sink.State);
    }

    [Fact]
    public void T1_A_sink_that_refuses_its_options_is_the_inner_exception()
    {
        SinkCreationException error = Assert.Throws<SinkCreationException>(static () => SinkRuntime.Create(static () => new ScriptedSink(new SinkOptions { QueueMaxSize = 0 })));
        Assert.IsType<ArgumentOutOfRangeException>(error.InnerException);
    }

    [Fact]
    public void T1_A_factory_that_logs_has_started_the_sink_already()
    {
        for (int i = 0; i < 50; i++)
        {
            using ManagedSink<ScriptedSink> managed = SinkRuntime.Create(static () =>
            {
                var sink = new ScriptedSink();
                sink.Log("born");
                return sink;
            });
            managed.Terminate();
            Assert.Equal(["born"], managed.Sink.Delivered);
            Assert.Equal(1, managed.Sink.StartingRuns);
        }
    }

    [Fact]
    public void T1_A_sink_that_runs_by_the_time_it_is_started_is_created()
    {
        using ManagedSink<EagerSink> managed = SinkRuntime.Create(static () => new EagerSink());
        Assert.Equal(SinkState.Running, managed.Sink.State);
    }

    [Fact]
    public void T1_A_second_sink_of_the_factory_ends_with_the_thread()
    {
        ScriptedSink? second = null;
        ManagedSink<ScriptedSink> managed = HostedSink.Create(_ => second = new ScriptedSink());
        second!.Log("x");
        Patience.Finish(second.FlushAsync().AsTask(), "The second sink flushes");
        managed.Terminate();
        Assert.Equal(SinkState.Stopped, managed.Sink.State);
        Assert.Equal(SinkState.Cancelled, second.State);
    }

    [Fact]
    public void T1_A_sink_may_be_created_from_another_sinks_loop()
    {
        using var loop = new SinkLoop();
        ManagedSink<ScriptedSink> managed = Patience.Finish(loop.InvokeAsync(static () => HostedSink.Create()), "Created on a loop");
        Assert.NotEqual(HostedSink.ThreadOf(loop).ManagedThreadId, managed.Sink.Threads.First());
        Patience.Finish(loop.InvokeAsync(() => { managed.Terminate(); return 0; }), "Terminated on a loop that is not its own");
    }

    [Fact]
    public void T1_A_lifecycle_that_is_not_ours_can_be_managed_too()
    {
        var foreign = new ForeignLifecycle();
        using ManagedSink<ForeignLifecycle> managed = SinkRuntime.Create(() => ForeignLifecycle.Construct(foreign));
        Assert.Same(foreign, managed.Sink);
        managed.Terminate();
        Assert.Equal(SinkState.Stopped, foreign.State);
    }

    [Fact]
    public void T6_A_lifecycle_that_throws_from_stop_still_loses_its_thread()
    {
        Thread? thread = null;
        ManagedSink<ForeignLifecycle> managed = SinkRuntime.Create(() =>
        {
            thread = Thread.CurrentThread;
            return ForeignLifecycle.Construct(new ForeignLifecycle { StopError = new NotSupportedException("cannot stop") });
        });
        Assert.Throws<NotSupportedException>(managed.Terminate);
        Assert.False(thread!.IsAlive);
        managed.Terminate();
    }

    /// <summary>Its State is Running when Create asks it to start, as when a factory's own start has won the race.</summary>
    private sealed class EagerSink : AsyncSink<string>, ISinkLifecycle
    {
        SinkWaitHandle ISinkLifecycle.Start()
        {
            Assert.True(base.Start().Wait().Success);
            return base.Start();
        }

        protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
