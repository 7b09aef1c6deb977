namespace Mvx.Sink.Runtime;

/// <summary>One dispatch or hook of a followed sink. What flows from it is the sink's own doing until it is over, and not any longer.</summary>
/// <param name="sink">The sink.</param>
internal sealed class SinkWork(object sink)
{
    private volatile bool _isOver;

    public object Sink => sink;

    public bool IsOver => _isOver;

    /// <summary>Any thread.</summary>
    public void End() => _isOver = true;
}
