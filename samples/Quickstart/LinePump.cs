namespace Mvx.Sink.Quickstart;

/// <summary>Moves lines into the sink as fast as the slower of the two allows, and loses none.</summary>
internal static class LinePump
{
    /// <summary>Returns at the end of the input, when told to stop, or when the sink takes no more. Told to stop while a line is read or offered, it leaves that one.</summary>
    public static async Task RunAsync(LineSource source, FileSink sink, CancellationToken stop)
    {
        // A thread of its own: a read from a terminal or a pipe blocks until something comes, and must not keep Ctrl-C waiting.
        Task reading = Task.Factory.StartNew(
            () => ReadAllAsync(source, sink, stop),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default).Unwrap();
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (stop.Register(stopped.SetResult))
            await await Task.WhenAny(reading, stopped.Task);
    }

    private static async Task ReadAllAsync(LineSource source, FileSink sink, CancellationToken stop)
    {
        try
        {
            while (await source.ReadLineAsync(stop) is { } line)
            {
                if (!await TrySendAsync(sink, LineEvent.Of(source, line)))
                    return;
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C while waiting for the next line.
        }
    }

    private static async ValueTask<bool> TrySendAsync(FileSink sink, LogEvent item)
    {
        while (true)
        {
            switch (sink.TryLog(item))
            {
                case LogOutcome.Accepted:
                    return true;
                case LogOutcome.QueueFull:
                    // The reader is faster than the disk: let the disk catch up, then offer the same line again.
                    await sink.FlushAsync();
                    break;
                default:
                    return false; // the sink has failed or is stopping
            }
        }
    }
}
