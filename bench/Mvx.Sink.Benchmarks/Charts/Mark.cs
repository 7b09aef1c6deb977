namespace Mvx.Sink.Benchmarks.Charts;

/// <summary>One figure in a chart.</summary>
internal readonly record struct Mark(MarkKind Kind, double Value);
