namespace Mvx.Sink.Integration.Support;

/// <summary>Tests that replace what the whole process shares; xunit runs them alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProcessWideCollection
{
    public const string Name = "Process-wide";
}
