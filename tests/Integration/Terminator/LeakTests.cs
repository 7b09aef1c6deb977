using System.Diagnostics;
using System.Runtime.CompilerServices;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Terminator;

[Collection(ProcessWideCollection.Name)]
public sealed class LeakTests
{
    [Fact]
    public void T6_Five_hundred_sinks_leave_no_thread_no_handle_and_no_memory_behind()
    {
        Cycle(20); // whatever the first sinks set up for the whole process
        int threads = Threads(), handles = Handles();
        WeakReference[] sinks = Cycle(500);

        // The pool may have grown or shrunk meanwhile by a few threads of its own; five hundred of ours would show.
        Patience.Until(() => Threads() <= threads + 8, "The threads are gone");
        Patience.Until(() => Handles() <= handles + 16, "The handles are gone");
        Patience.Until(() => Alive(sinks) == 0, "The sinks are collected");
    }

    [Fact]
    public void T1_Failed_creations_leave_no_thread_and_no_handle_behind()
    {
        Fail(20);
        int threads = Threads(), handles = Handles();
        Fail(200);
        Patience.Until(() => Threads() <= threads + 8, "The threads are gone");
        Patience.Until(() => Handles() <= handles + 16, "The handles are gone");
    }

    [Fact]
    public void R4_A_registry_forgets_the_sinks_it_closes()
    {
        using var registry = new SinkRegistry();
        WeakReference closed = ConfigureAndClose(registry);
        Patience.Until(() => Alive([closed]) == 0, "The sink is collected");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ConfigureAndClose(SinkRegistry registry)
    {
        var sink = new WeakReference(registry.Configure<DescribedSink, DescribedConfig>("a", new DescribedConfig("x")));
        Assert.True(registry.Close("a"));
        return sink;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Cycle(int count)
    {
        var sinks = new WeakReference[count];
        for (int i = 0; i < count; i++)
            sinks[i] = One();
        return sinks;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference One()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create();
        using IDisposable watching = managed.Sink.Lifecycle.Subscribe(new CollectingObserver<SinkLifecycleEvent>());
        managed.Sink.Dispatches.Subscribe(new CollectingObserver<SinkDispatchEvent<string>>());
        managed.Sink.Log("x");
        managed.Terminate();
        return new WeakReference(managed.Sink);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Fail(int count)
    {
        for (int i = 0; i < count; i++)
            Assert.Throws<SinkCreationException>(static () => HostedSink.Create(static s => s.Starting = static _ => throw new IOException()));
    }

    private static int Alive(WeakReference[] sinks)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return sinks.Count(static sink => sink.IsAlive);
    }

    private static int Threads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }

    private static int Handles()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        if (OperatingSystem.IsLinux())
            return Directory.GetFileSystemEntries("/proc/self/fd").Length;
        using var process = Process.GetCurrentProcess();
        return process.HandleCount;
    }
}
