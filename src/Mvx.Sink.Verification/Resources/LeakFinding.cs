namespace Mvx.Sink.Verification;

/// <summary>A resource that grows with the cycles.</summary>
internal sealed record LeakFinding(ResourceKind Kind, int Cycles, int Before, int After)
{
    public string Description => $"{Before} {Name} before {Cycles} cycles, {After} after them.";

    private string Name => Kind switch
    {
        ResourceKind.Threads => "threads",
        ResourceKind.Handles => "open files and handles",
        ResourceKind.Sockets => "open sockets",
        ResourceKind.Timers => "active timers",
        ResourceKind.Backend => "things open in the backend",
        _ => "busy or waiting pool work items",
    };
}
