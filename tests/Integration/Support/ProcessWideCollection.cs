namespace Mvx.Sink.Integration.Support;

/// <summary>Tests that touch what the whole process shares: the diagnostics hook, thread and handle counts, the thread pool. They run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideCollection
{
    public const string Name = "Process-wide";
}
