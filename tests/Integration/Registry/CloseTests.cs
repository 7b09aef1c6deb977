using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Registry;

public sealed class CloseTests
{
    [Fact]
    public void R4_Close_flushes_terminates_and_forgets()
    {
        using var registry = new SinkRegistry();
        DescribedSink sink = Configure(registry, "app", static async (_, _) => await Task.Yield());
        for (int i = 0; i < 100; i++)
            sink.Log($"{i}");
        Assert.True(registry.Close("app"));
        Assert.Equal(100, sink.Delivered.Count);
        Assert.Equal(SinkState.Stopped, sink.State);
        Assert.False(sink.Thread.IsAlive);
        Assert.False(registry.TryGet("app", out DescribedSink? _));
        Assert.Empty(registry.Names);
        Assert.False(registry.Close("app"));
        Assert.NotSame(sink, Configure(registry, "app"));
    }

    [Fact]
    public void R4_Close_of_an_unknown_name_says_so()
    {
        using var registry = new SinkRegistry();
        Assert.False(registry.Close("nobody"));
        Assert.False(registry.Close("not a name"));
    }

    [Fact]
    public void R4_A_close_that_fails_tells_the_name_and_the_error_and_forgets_all_the_same()
    {
        using var registry = new SinkRegistry();
        DescribedSink sink = Failing(registry, "app", "cannot close");
        SinkCloseException error = Assert.Throws<SinkCloseException>(() => registry.Close("app"));
        Assert.Equal("app", error.SinkName);
        Assert.Same(sink.LastError, Assert.Single(error.InnerExceptions));
        Assert.Same(sink.LastError, error.InnerException);
        Assert.Contains("app", error.Message, StringComparison.Ordinal);
        Assert.Contains("cannot close", error.Message, StringComparison.Ordinal);
        Assert.Empty(registry.Names);
        Assert.False(sink.Thread.IsAlive);
        Assert.False(registry.Close("app"));
    }

    [Fact]
    public void R4_Concurrent_closes_terminate_once_and_return_after_it()
    {
        using var registry = new SinkRegistry();
        DescribedSink sink = Configure(registry, "app");
        int closed = 0;
        Patience.Together(8, _ =>
        {
            if (registry.Close("app"))
                Interlocked.Increment(ref closed);
        });
        Assert.Equal(1, closed);
        Assert.False(sink.Thread.IsAlive);
    }

    [Fact]
    public void R4_Close_waits_for_a_creation_in_progress()
    {
        using var registry = new SinkRegistry();
        var gate = new GatedHook();
        Task<DescribedSink> creating = Run(() => registry.Configure<DescribedSink, DescribedConfig>("app", new DescribedConfig("x") { Starting = gate.Obedient }));
        gate.WaitUntilEntered();
        Task<bool> closing = Run(() => registry.Close("app"));
        gate.Open();
        DescribedSink sink = Patience.Finish(creating, "The sink is created");
        Assert.True(Patience.Finish(closing, "The sink is closed"));
        Assert.Equal(SinkState.Stopped, sink.State);
    }

    [Fact]
    public void R4_Reset_terminates_all_in_reverse_order_of_creation()
    {
        using var registry = new SinkRegistry();
        var order = new List<string>();
        foreach (string name in new[] { "b", "a", "d", "c" })
        {
            registry.Configure<DescribedSink, DescribedConfig>(name, new DescribedConfig("x")
            {
                Stopped = _ => { order.Add(name); return ValueTask.CompletedTask; },
            });
        }

        Assert.Equal(["b", "a", "d", "c"], registry.Names);
        registry.Reset();
        Assert.Equal(["c", "d", "a", "b"], order);
        Assert.Empty(registry.Names);
        registry.Reset();
        Assert.Equal(SinkState.Running, Configure(registry, "a").State);
    }

    [Fact]
    public void R4_The_order_is_that_of_the_creations_that_succeeded()
    {
        using var registry = new SinkRegistry();
        Configure(registry, "a");
        Configure(registry, "b");
        registry.Close("a");
        Configure(registry, "a");
        Assert.Equal(["b", "a"], registry.Names);
    }

    [Fact]
    public void R4_Reset_reports_every_failure_in_one_exception_and_terminates_the_others()
    {
        using var registry = new SinkRegistry();
        DescribedSink first = Failing(registry, "one", "first");
        DescribedSink good = Configure(registry, "two");
        ForeignLifecycle foreign = registry.Configure<ForeignLifecycle, ForeignLifecycle>("three", new ForeignLifecycle { StopError = new NotSupportedException("second") });
        DescribedSink last = Failing(registry, "four", "third");
        SinkCloseException error = Assert.Throws<SinkCloseException>(registry.Reset);
        Assert.Equal(new[] { last.LastError!, foreign.StopError!, first.LastError! }, error.InnerExceptions);
        Assert.Same(last.LastError, error.InnerException);
        Assert.Equal("four, three, one", error.SinkName);
        Assert.All(new[] { "first", "second", "third" }, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
        Assert.Equal(SinkState.Stopped, good.State);
        Assert.Empty(registry.Names);
        Assert.All(new[] { first, good, last }, static sink => Assert.False(sink.Thread.IsAlive));
    }

    [Fact]
    public void R4_Close_on_the_sinks_own_loop_is_refused_and_the_sink_stays()
    {
        using var registry = new SinkRegistry();
        Exception? closing = null, resetting = null;
        DescribedSink sink = Configure(registry, "app", (_, _) =>
        {
            closing = Record.Exception(() => registry.Close("app"));
            resetting = Record.Exception(registry.Reset);
            return ValueTask.CompletedTask;
        });
        sink.Log("x");
        Patience.Finish(sink.FlushAsync().AsTask(), "The sink flushes");
        Assert.IsType<InvalidOperationException>(closing);
        Assert.Contains("\"app\"", closing.Message, StringComparison.Ordinal);
        Assert.IsType<InvalidOperationException>(Assert.IsType<SinkCloseException>(resetting).InnerException);
        Assert.Equal(SinkState.Running, sink.State);
        Assert.Equal(["app"], registry.Names);
        Assert.True(registry.Close("app"));
    }

    [Fact]
    public void R4_Close_on_the_sinks_own_loop_is_refused_at_once_while_another_thread_closes_it()
    {
        using var registry = new SinkRegistry();
        Exception? inside = null;
        var gate = new GatedHook();
        Configure(registry, "app", stopped: async token =>
        {
            await gate.Obedient(token);
            inside = Record.Exception(() => registry.Close("app"));
        });
        Task<bool> closing = Run(() => registry.Close("app"));
        gate.WaitUntilEntered();
        gate.Open();
        Assert.True(Patience.Finish(closing, "The sink is closed"));
        Assert.IsType<InvalidOperationException>(inside);
    }

    [Fact]
    public void R4_Configure_while_a_reset_waits_for_a_stop_gives_a_new_sink_after_it()
    {
        using var registry = new SinkRegistry();
        var gate = new GatedHook();
        DescribedSink old = Configure(registry, "app", stopped: gate.Obedient);
        Task resetting = Run(() => { registry.Reset(); return 0; });
        gate.WaitUntilEntered();
        Task<DescribedSink> configuring = Run(() => Configure(registry, "app"));
        Assert.Null(Patience.OnOwnThread(() => Configure(registry, "other")));
        Assert.False(configuring.IsCompleted);
        gate.Open();
        Patience.Finish(resetting, "The reset ends");
        DescribedSink fresh = Patience.Finish(configuring, "The new sink is created");
        Assert.NotSame(old, fresh);
        Assert.Equal((SinkState.Stopped, SinkState.Running), (old.State, fresh.State));
    }

    [Fact]
    public void R4_Dispose_resets_for_good()
    {
        var registry = new SinkRegistry();
        DescribedSink sink = Configure(registry, "app");
        registry.Dispose();
        registry.Dispose();
        Assert.Equal(SinkState.Stopped, sink.State);
        Assert.Throws<ObjectDisposedException>(() => Configure(registry, "app"));
        Assert.False(registry.Close("app"));
        Assert.False(registry.TryGet("app", out DescribedSink? _));
        Assert.Empty(registry.Names);
    }

    [Fact]
    public async Task R4_DisposeAsync_resets_without_blocking_and_reports_failures()
    {
        var registry = new SinkRegistry();
        var gate = new GatedHook();
        DescribedSink sink = Configure(registry, "app", stopped: gate.Obedient);
        Task disposing = registry.DisposeAsync().AsTask();
        gate.WaitUntilEntered();
        Assert.False(disposing.IsCompleted);
        gate.Fail(new IOException("cannot close"));
        SinkCloseException error = await Assert.ThrowsAsync<SinkCloseException>(() => disposing.WaitAsync(Patience.Bound));
        Assert.Same(sink.LastError, error.InnerException);
        await registry.DisposeAsync();
    }

    private static DescribedSink Configure(
        SinkRegistry registry,
        string name,
        Func<string, CancellationToken, ValueTask>? dispatching = null,
        Func<CancellationToken, ValueTask>? stopped = null) =>
        registry.Configure<DescribedSink, DescribedConfig>(name, new DescribedConfig("x")
        {
            Dispatching = dispatching ?? (static (_, _) => ValueTask.CompletedTask),
            Stopped = stopped ?? (static _ => ValueTask.CompletedTask),
        });

    private static DescribedSink Failing(SinkRegistry registry, string name, string message) =>
        Configure(registry, name, stopped: _ => throw new IOException(message));

    private static Task<T> Run<T>(Func<T> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
