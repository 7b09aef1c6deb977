namespace Mvx.Sink.Integration.Support;

/// <summary>The ways in which user code can throw out of a ValueTask.</summary>
internal static class Throwing
{
    public static ValueTask Task(string way, Exception error) => way switch
    {
        "synchronously" => throw error,
        "after an await" => AfterAwait(error),
        "after ConfigureAwait(false)" => OffTheLoop(error),
        "from an IValueTaskSource" => FaultySource.FailLater(error),
        "from an IValueTaskSource that has failed already" => FaultySource.Failed(error),
        "as a task that has failed already" => ValueTask.FromException(error),
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "no such way"),
    };

    private static async ValueTask AfterAwait(Exception error)
    {
        await System.Threading.Tasks.Task.Yield();
        throw error;
    }

    private static async ValueTask OffTheLoop(Exception error)
    {
        await System.Threading.Tasks.Task.Run(static () => { }).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        Assert.Null(SinkLoop.Current);
        throw error;
    }
}
