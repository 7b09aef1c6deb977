namespace Mvx.Sink.Runtime;

/// <summary>Posted work that somebody waits for.</summary>
internal interface IAbandonable
{
    /// <summary>The loop has ended and the work will not run. Any thread; must not throw.</summary>
    void Abandon();
}
