using System.Runtime.ExceptionServices;

namespace Mvx.Sink.Integration.Support;

/// <summary>Runs the same thing on several threads of their own, released at once; what one of them throws fails the test.</summary>
internal static class Together
{
    public static void Run(int threads, Action<int> body)
    {
        using var barrier = new Barrier(threads);
        Exception? first = null; // in time: what it broke off makes others fail later
        Thread[] all = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            try
            {
                barrier.SignalAndWait();
                body(index);
            }
            catch (Exception error)
            {
                Interlocked.CompareExchange(ref first, error, null);
            }
        }) { IsBackground = true })];
        foreach (Thread thread in all)
            thread.Start();
        foreach (Thread thread in all)
            Assert.True(thread.Join(Bounded.Time + Bounded.Time), "a thread of the test did not end in time");
        if (first is not null)
            ExceptionDispatchInfo.Throw(first);
    }

    public static T[] Ask<T>(int threads, Func<int, T> body)
    {
        var answers = new T[threads];
        Run(threads, index => answers[index] = body(index));
        return answers;
    }
}
