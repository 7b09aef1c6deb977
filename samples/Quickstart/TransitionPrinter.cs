namespace Mvx.Sink.Quickstart;

/// <summary>Prints a sink's transitions as they happen.</summary>
// <observer>
internal sealed class TransitionPrinter : IObserver<SinkLifecycleEvent>
{
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after the last transition is printed.</summary>
    public Task Completion => _completion.Task;

    public TSink Watch<TSink>(TSink sink)
        where TSink : ISinkLifecycle
    {
        sink.Lifecycle.Subscribe(this); // ends by itself, with the sink
        return sink;
    }

    public void OnNext(SinkLifecycleEvent value) => Terminal.WriteLine(
        value.IsReplay ? $"Sink     {value.SinkName} is {value.To}" : $"Sink     {value.SinkName}: {value.From} -> {value.To}");

    public void OnError(Exception error) => _completion.TrySetResult();

    public void OnCompleted() => _completion.TrySetResult();
}
// </observer>
