namespace Mvx.Sink.Runtime;

/// <summary>What makes an await in a hook or a dispatch come back to its loop (rule P1).</summary>
internal sealed class LoopContext(LoopHost host) : SynchronizationContext
{
    public LoopHost Host => host;

    public override void Post(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (!host.TryPost(d, state))
            SinkDiagnostics.Report($"loop '{host.Name}'", new EventLoopUnavailableException("A continuation came back to a loop that has ended; it was not run."));
    }

    public override void Send(SendOrPostCallback d, object? state)
    {
        ArgumentNullException.ThrowIfNull(d);
        if (host.IsCurrent)
        {
            d(state);
            return;
        }

        var invocation = new LoopInvocation<bool>(() =>
        {
            d(state);
            return true;
        });
        if (!host.TryPost(static posted => ((LoopInvocation<bool>)posted!).Run(), invocation))
            invocation.Abandon();
        invocation.Task.GetAwaiter().GetResult();
    }

    public override SynchronizationContext CreateCopy() => this;
}
