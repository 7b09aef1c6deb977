namespace Mvx.Sink.Verification;

/// <summary>What can leak.</summary>
internal enum ResourceKind
{
    Threads = 0,
    Handles = 1,
    Sockets = 2,
    Timers = 3,
    PoolWork = 4,
    Backend = 5,
}
