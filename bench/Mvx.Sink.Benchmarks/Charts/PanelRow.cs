namespace Mvx.Sink.Benchmarks.Charts;

/// <summary>One row of one panel.</summary>
/// <param name="Family">Whose colour it has.</param>
/// <param name="Marks">Its figures.</param>
/// <param name="Range">A line under the marks: a spread, or a range.</param>
/// <param name="Label">The figures in words.</param>
internal sealed record PanelRow(string Family, IReadOnlyList<Mark> Marks, (double From, double To)? Range, string Label);
