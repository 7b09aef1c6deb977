using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Loop;

public sealed class ThreadIdentityTests
{
    [Fact]
    public void P3_The_thread_is_named_after_the_class_until_the_namespace_is_known()
    {
        string? atConstruction = null, atStart = null, atDispatch = null;
        bool isBackground = false;
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(
            s =>
            {
                atConstruction = Thread.CurrentThread.Name;
                isBackground = Thread.CurrentThread.IsBackground;
                s.Starting = _ => { atStart = Thread.CurrentThread.Name; return ValueTask.CompletedTask; };
                s.Dispatching = (_, _) => { atDispatch = Thread.CurrentThread.Name; return ValueTask.CompletedTask; };
            },
            new SinkOptions { Namespace = "audit" });
        managed.Sink.Log("x");
        managed.Terminate();
        Assert.Equal("Mvx.Sink: ScriptedSink", atConstruction);
        Assert.Equal("Mvx.Sink: audit", atStart);
        Assert.Equal("Mvx.Sink: audit", atDispatch);
        Assert.True(isBackground);
    }

    [Fact]
    public void P3_Without_a_namespace_the_thread_keeps_the_name_of_the_class()
    {
        string? name = null;
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(s => s.Starting = _ => { name = Thread.CurrentThread.Name; return ValueTask.CompletedTask; });
        Assert.Equal("Mvx.Sink: ScriptedSink", name);
        Assert.Equal("ScriptedSink (Running)", managed.Sink.ToString());
    }

    [Fact]
    public void P3_A_loop_is_named_as_asked_and_is_a_background_thread()
    {
        using var named = new SinkLoop("journal");
        using var plain = new SinkLoop();
        Assert.Equal("journal", named.Name);
        Assert.Equal("Mvx.Sink", plain.Name);
        Assert.Equal("journal", HostedSink.ThreadOf(named).Name);
        Assert.Equal("Mvx.Sink", HostedSink.ThreadOf(plain).Name);
        Assert.True(HostedSink.ThreadOf(named).IsBackground);
        Assert.False(HostedSink.ThreadOf(named).IsThreadPoolThread);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void P3_A_blank_loop_name_is_refused(string name)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => new SinkLoop(name));
        Assert.Equal("name", error.ParamName);
        Assert.Contains($"\"{name}\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void P3_The_creators_ExecutionContext_is_not_seen_in_factory_hooks_or_dispatch()
    {
        var ambient = new AsyncLocal<string?> { Value = "creator" };
        var seen = new List<string?>();
        void Look()
        {
            lock (seen)
                seen.Add(ambient.Value);
        }

        using (ManagedSink<ScriptedSink> managed = HostedSink.Create(s =>
        {
            Look();
            s.Starting = async _ => { Look(); await Task.Yield(); Look(); };
            s.Dispatching = async (_, _) => { Look(); await Task.Yield(); Look(); };
            s.Stopped = async _ => { Look(); await Task.Yield(); Look(); };
        }))
        {
            ambient.Value = "producer";
            managed.Sink.Log("x");
            managed.Sink.Log("y");
        }

        Assert.Equal(9, seen.Count);
        Assert.All(seen, Assert.Null);
    }

    [Fact]
    public void P3_The_ExecutionContext_does_not_flow_into_a_lazy_start_or_an_invocation()
    {
        using var loop = new SinkLoop();
        var ambient = new AsyncLocal<string?>();
        string? atStart = "unseen";
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Starting = _ => { atStart = ambient.Value; return ValueTask.CompletedTask; });
        ambient.Value = "producer";
        sink.Log("x");
        Patience.Finish(sink.FlushAsync().AsTask(), "The sink flushes");
        Assert.Null(atStart);
        Assert.Null(Patience.Finish(loop.InvokeAsync(() => ambient.Value), "The loop answers"));
    }
}
