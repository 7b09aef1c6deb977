using System.Diagnostics;

namespace Mvx.Sink.Integration.Support;

/// <summary>Waits for the event itself, and gives up loudly after a bound that no healthy machine needs.</summary>
internal static class Patience
{
    public static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    public static SinkOperationResult Finish(SinkWaitHandle handle)
    {
        Assert.True(handle.Wait(Bound, out SinkOperationResult result), $"{handle.Operation} did not complete within {Bound.TotalSeconds} s.");
        return result;
    }

    public static void Finish(Task task, string what)
    {
        Task finished = Task.WhenAny(task, Task.Delay(Bound)).GetAwaiter().GetResult();
        Assert.True(finished == task, $"{what}: not within {Bound.TotalSeconds} s.");
        task.GetAwaiter().GetResult();
    }

    public static T Finish<T>(Task<T> task, string what)
    {
        Finish((Task)task, what);
        return task.Result;
    }

    /// <summary>For what gives no signal of its own, such as a count kept by the operating system.</summary>
    public static void Until(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Bound), $"{what}: not within {Bound.TotalSeconds} s.");

    public static void Ended(Thread thread) =>
        Assert.True(thread.Join(Bound), $"The thread '{thread.Name}' is still there after {Bound.TotalSeconds} s.");

    /// <summary>Runs an action on a thread of its own, fails when it does not return, and gives what it threw.</summary>
    public static Exception? OnOwnThread(Action action)
    {
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(action)) { IsBackground = true, Name = "test" };
        thread.Start();
        Assert.True(thread.Join(Bound), $"The action did not return within {Bound.TotalSeconds} s.");
        return thrown;
    }

    /// <summary>Runs one action per number on threads that begin together. Fails with what the first of them threw.</summary>
    public static void Together(int threads, Action<int> action)
    {
        using var barrier = new Barrier(threads);
        var thrown = new Exception?[threads];
        Thread[] all =
        [
            .. Enumerable.Range(0, threads).Select(i => new Thread(() =>
            {
                barrier.SignalAndWait();
                thrown[i] = Record.Exception(() => action(i));
            }) { IsBackground = true }),
        ];
        Array.ForEach(all, static thread => thread.Start());
        long deadline = Stopwatch.GetTimestamp() + (long)(Bound.TotalSeconds * Stopwatch.Frequency);
        foreach (Thread thread in all)
            Assert.True(thread.Join(TimeSpan.FromSeconds(Math.Max(0, (deadline - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency))), "A thread did not return.");
        Assert.All(thrown, Assert.Null);
    }
}
