using System.Diagnostics;

namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>Runs the same work on several threads that start together.</summary>
internal static class Crew
{
    /// <summary>When the first thread began, and how long each took on average, in ticks of <see cref="Stopwatch"/>.</summary>
    internal readonly record struct Timing(long Began, double MeanTicks);

    public static Timing Run(int threads, Action work)
    {
        using var barrier = new Barrier(threads);
        long[] began = new long[threads];
        long[] ended = new long[threads];
        Exception? failure = null;
        Thread[] crew = [.. Enumerable.Range(0, threads).Select(index => new Thread(() =>
        {
            barrier.SignalAndWait();
            began[index] = Stopwatch.GetTimestamp();
            try
            {
                work();
            }
            catch (Exception error)
            {
                Volatile.Write(ref failure, error);
            }

            ended[index] = Stopwatch.GetTimestamp();
        })
        { IsBackground = true, Name = $"producer {index}" })];
        foreach (Thread thread in crew)
            thread.Start();
        foreach (Thread thread in crew)
            thread.Join();
        if (failure is not null)
            throw new InvalidOperationException($"a producer failed: {failure.Message}", failure);
        return new Timing(began.Min(), began.Zip(ended, static (from, to) => to - from).Average());
    }
}
