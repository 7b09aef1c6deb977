using System.Diagnostics;

namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>Runs the same work on several threads that start together.</summary>
internal static class Crew
{
    /// <summary>What a run of the crew took.</summary>
    /// <param name="Began">When the first thread began, in ticks of <see cref="Stopwatch"/>.</param>
    /// <param name="MeanTicks">How long each thread took, on average, in the same ticks.</param>
    /// <param name="MeanProcessorTime">How long it had a processor, on average, in nanoseconds.</param>
    internal readonly record struct Timing(long Began, double MeanTicks, double MeanProcessorTime);

    public static Timing Run(int threads, Action work)
    {
        using var barrier = new Barrier(threads);
        var members = new Member[threads];
        for (int i = 0; i < threads; i++)
        {
            var member = members[i] = new Member(barrier, work);
            member.Thread = new Thread(member.Run) { IsBackground = true, Name = $"producer {i}" };
        }

        Array.ForEach(members, static member => member.Thread!.Start());
        Array.ForEach(members, static member => member.Thread!.Join());
        if (Array.Find(members, static member => member.Failure is not null) is { Failure: { } failure })
            throw new InvalidOperationException($"a producer failed: {failure.Message}", failure);
        return new Timing(
            members.Min(static member => member.Began),
            members.Average(static member => member.Ticks),
            members.Average(static member => member.ProcessorNanoseconds));
    }

    private sealed class Member(Barrier barrier, Action work)
    {
        public Thread? Thread { get; set; }

        public long Began { get; private set; }

        public long Ticks { get; private set; }

        public long ProcessorNanoseconds { get; private set; }

        public Exception? Failure { get; private set; }

        public void Run()
        {
            barrier.SignalAndWait();
            long processor = ProcessorTime.OfThisThread();
            Began = Stopwatch.GetTimestamp();
            try
            {
                work();
            }
            catch (Exception error)
            {
                Failure = error;
            }

            Ticks = Stopwatch.GetTimestamp() - Began;
            ProcessorNanoseconds = ProcessorTime.OfThisThread() - processor;
        }
    }
}
