namespace Mvx.Sink.Integration.Support;

/// <summary>Tests that change or measure what the whole process shares: they run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideCollection
{
    public const string Name = "Process-wide";
}
