namespace Mvx.Sink.Integration.Support;

/// <summary>Tests that count what the whole process holds, or listen to process-wide hooks: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideCollection
{
    public const string Name = "Process-wide";
}
