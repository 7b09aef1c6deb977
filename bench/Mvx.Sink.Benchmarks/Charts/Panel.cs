namespace Mvx.Sink.Benchmarks.Charts;

/// <summary>A panel of a chart: a scale, and one row per row of the chart; null where there is no figure.</summary>
internal sealed record Panel(string Title, Scale Scale, Func<double, string> AxisLabel, IReadOnlyList<PanelRow?> Rows);
