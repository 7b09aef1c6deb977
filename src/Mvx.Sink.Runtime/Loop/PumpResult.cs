namespace Mvx.Sink.Runtime;

/// <summary>What a pump has to say after its turn.</summary>
internal enum PumpResult
{
    /// <summary>Nothing to do now; look again soon.</summary>
    Idle,

    /// <summary>The quota is spent and there may be more.</summary>
    More,

    /// <summary>Do not look again: it waits for something that will heat it, or it has ended.</summary>
    Detached,

    /// <summary>Some work was done and there is no more now; look again soon.</summary>
    Worked,
}
