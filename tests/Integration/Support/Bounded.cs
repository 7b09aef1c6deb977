using System.Globalization;

namespace Mvx.Sink.Integration.Support;

/// <summary>Every wait of a test is for an event and has a bound, so that a bug shows as a failed test and not as a hung run.</summary>
internal static class Bounded
{
    /// <summary>Generous, since only a bug ever waits that long. The environment can shorten it where bugs are put in on purpose.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("MVX_TEST_BOUND_SECONDS"), CultureInfo.InvariantCulture, out int seconds) ? seconds : 30);

    public static SinkOperationResult Result(this SinkWaitHandle handle)
    {
        Assert.True(handle.Wait(Time, out SinkOperationResult result), $"{handle.Operation} did not complete in time");
        return result;
    }

    /// <summary>The error of an operation that the test expects to fail as <typeparamref name="TError"/>.</summary>
    public static TError Error<TError>(this SinkWaitHandle handle)
        where TError : SinkException
    {
        SinkOperationResult result = handle.Result();
        Assert.False(result.Success);
        return Assert.IsType<TError>(result.Error);
    }

    public static void Succeeds(this SinkWaitHandle handle)
    {
        SinkOperationResult result = handle.Result();
        Assert.True(result.Success, result.ToString());
        Assert.Null(result.Error);
    }

    public static async Task<T> Within<T>(this Task<T> task) => await task.WaitAsync(Time);

    public static async Task Within(this Task task) => await task.WaitAsync(Time);

    public static FlushReport Result(this ValueTask<FlushReport> flush) => flush.AsTask().WaitAsync(Time).GetAwaiter().GetResult();

    /// <summary>For a condition that has no event to wait for, such as a state.</summary>
    public static void Until(Func<bool> condition, string what) => Assert.True(SpinWait.SpinUntil(condition, Time), $"not in time: {what}");

    public static void UntilState(this ISinkLifecycle sink, SinkState state) =>
        Assert.True(SpinWait.SpinUntil(() => sink.State == state, Time) || sink.State == state, $"not {state} in time; it is {sink.State}");

    /// <summary>Waits until no hook and no dispatcher runs.</summary>
    public static void UntilAtRest(this ISinkLifecycle sink) =>
        Assert.True(((ILoopBound)sink).WhenAtRest().Wait(Time), $"not at rest in time; it is {sink.State}");
}
