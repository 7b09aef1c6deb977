using System.Runtime.ExceptionServices;

namespace Mvx.Sink.Integration.Support;

/// <summary>Runs the same thing on several threads of their own, released at once; what one of them throws fails the test.</summary>
internal static class Together
{
    public static void Run(int threads, Action<int> body)
    {
        using var barrier = new Barrier(threads);
        var errors = new Exception?[threads];
        Thread[] all = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            try
            {
                barrier.SignalAndWait();
                body(index);
            }
            catch (Exception error)
            {
                errors[index] = error;
            }
        }) { IsBackground = true })];
        foreach (Thread thread in all)
            thread.Start();
        foreach (Thread thread in all)
            Assert.True(thread.Join(Bounded.Time + Bounded.Time), "a thread of the test did not end in time");
        if (Array.Find(errors, static error => error is not null) is { } first)
            ExceptionDispatchInfo.Throw(first);
    }

    public static T[] Ask<T>(int threads, Func<int, T> body)
    {
        var answers = new T[threads];
        Run(threads, index => answers[index] = body(index));
        return answers;
    }
}
