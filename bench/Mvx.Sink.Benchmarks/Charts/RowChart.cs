namespace Mvx.Sink.Benchmarks.Charts;

/// <summary>A chart of rows, one per peer, under panels that stand side by side: names are read once, figures are compared down and across.</summary>
internal sealed record RowChart(string Title, string Subtitle, IReadOnlyList<string> Rows, IReadOnlyList<Panel> Panels)
{
    private const double Margin = 24;
    private const double Gap = 30;
    private const double Top = 104;
    private const double RowHeight = 30;
    private const double LetterWidth = 6.6;

    public double Width { get; init; } = 1120;

    /// <summary>Room for the names.</summary>
    public double NameWidth { get; init; } = 178;

    public string Render()
    {
        var svg = new Svg();
        double bottom = Top + Rows.Count * RowHeight;
        svg.Text(Margin, 38, Title, "title");
        svg.Text(Margin, 60, Subtitle, "soft");
        DrawNames(svg);
        double panelWidth = (Width - 2 * Margin - NameWidth - (Panels.Count - 1) * Gap) / Panels.Count;
        for (int i = 0; i < Panels.Count; i++)
            Draw(svg, Panels[i], Margin + NameWidth + i * (panelWidth + Gap), panelWidth, bottom);
        return svg.Finish(Width, bottom + 34, Title);
    }

    private static double Middle(int row) => Top + (row + 0.5) * RowHeight;

    private void DrawNames(Svg svg)
    {
        for (int row = 0; row < Rows.Count; row++)
        {
            string family = Palette.Family(Rows[row]);
            if (family == "ours")
                svg.Rectangle(Margin - 10, Top + row * RowHeight + 1, Width - 2 * Margin + 20, RowHeight - 2, "band", radius: 5);
            else
                svg.Stroke(Margin, Top + (row + 1) * RowHeight, Width - Margin, Top + (row + 1) * RowHeight, "rule");
            svg.Circle(Margin + 3, Middle(row), 4, $"{family} solid");
            svg.Text(Margin + 14, Middle(row) + 4, Rows[row], family == "ours" ? "strong" : "");
        }
    }

    private static void Draw(Svg svg, Panel panel, double left, double width, double bottom)
    {
        svg.Text(left, Top - 14, panel.Title, "panel");
        // The last label stands right of its mark: the scale ends where there is still room for it.
        double span = width - panel.Rows.Max(static row => row?.Label.Length ?? 0) * LetterWidth - 12;
        foreach (double value in panel.Scale.Grid())
        {
            double x = left + panel.Scale.At(value) * span;
            svg.Stroke(x, Top - 4, x, bottom + 4, "grid");
            svg.Text(x, bottom + 18, panel.AxisLabel(value), "small soft", "middle");
        }

        for (int row = 0; row < panel.Rows.Count; row++)
        {
            if (panel.Rows[row] is { } figures)
                Draw(svg, figures, panel.Scale, left, span, row);
        }
    }

    private static void Draw(Svg svg, PanelRow figures, Scale scale, double left, double span, int row)
    {
        string family = figures.Family;
        double y = Middle(row);
        if (figures.Range is { } range)
            svg.Stroke(left + scale.At(range.From) * span, y, left + scale.At(range.To) * span, y, $"{family} whisker");
        foreach (Mark mark in figures.Marks)
        {
            double x = left + scale.At(mark.Value) * span;
            switch (mark.Kind)
            {
                case MarkKind.Bar:
                    svg.Rectangle(left, y - 8, Math.Max(1.5, x - left), 16, $"{family} solid", radius: 2);
                    break;
                case MarkKind.Ring:
                    svg.Circle(x, y, 4, "back");
                    svg.Circle(x, y, 4, $"ring {family}");
                    break;
                case MarkKind.Tick:
                    svg.Stroke(x, y - 5, x, y + 5, $"{family} tick");
                    break;
                default:
                    svg.Circle(x, y, 5, $"{family} solid");
                    break;
            }
        }

        // One label per row, right of everything: next to each mark they would run into each other.
        double right = left + figures.Marks.Select(static mark => mark.Value).Append(figures.Range?.To ?? 0).Max(scale.At) * span;
        svg.Text(right + 9, y + 4, figures.Label, family == "ours" ? "small strong" : "small");
    }
}
