using System.Threading.Tasks.Sources;

namespace Mvx.Sink.Integration.Support;

/// <summary>A ValueTask that no Task stands behind, as pooled socket operations give; it ends on a thread of its own.</summary>
internal sealed class FaultySource : IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> _core;

    /// <summary>A ValueTask that fails later, on another thread.</summary>
    public static ValueTask FailLater(Exception error)
    {
        var source = new FaultySource();
        var task = new ValueTask(source, source._core.Version);
        new Thread(() => source._core.SetException(error)) { IsBackground = true }.Start();
        return task;
    }

    /// <summary>A ValueTask that has failed already.</summary>
    public static ValueTask Failed(Exception error)
    {
        var source = new FaultySource();
        source._core.SetException(error);
        return new ValueTask(source, source._core.Version);
    }

    public void GetResult(short token) => _core.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => _core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _core.OnCompleted(continuation, state, token, flags);
}
