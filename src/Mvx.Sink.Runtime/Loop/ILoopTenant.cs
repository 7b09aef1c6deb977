namespace Mvx.Sink.Runtime;

/// <summary>A sink as its loop sees it when the loop ends.</summary>
internal interface ILoopTenant
{
    /// <summary>Whether no hook and no dispatcher runs. Any thread.</summary>
    bool IsAtRest { get; }

    /// <summary>The loop is being torn down and still runs what is in progress. On the loop; must not throw.</summary>
    void LoopClosing_OnLoop();

    /// <summary>Fires the token of what runs now, because the loop is being torn down and its thread is blocked. Any thread; must not throw.</summary>
    void FireToken();

    /// <summary>The loop's thread is stuck in user code: when it comes back it must leave the sink alone. Any thread; must not throw.</summary>
    void Abandon();

    /// <summary>The loop's thread has ended or is stuck. Any thread, once the loop runs nothing more; must not throw.</summary>
    void LoopGone();
}
