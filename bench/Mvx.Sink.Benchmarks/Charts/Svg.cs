using System.Globalization;
using System.Security;
using System.Text;

namespace Mvx.Sink.Benchmarks.Charts;

/// <summary>Writes SVG. Coordinates have one decimal, texts are escaped.</summary>
internal sealed class Svg
{
    private readonly StringBuilder _body = new();

    public void Rectangle(double x, double y, double width, double height, string @class, double radius = 0) =>
        Line($"<rect x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(height)}\" rx=\"{N(radius)}\" class=\"{@class}\"/>");

    public void Stroke(double x1, double y1, double x2, double y2, string @class) =>
        Line($"<line x1=\"{N(x1)}\" y1=\"{N(y1)}\" x2=\"{N(x2)}\" y2=\"{N(y2)}\" class=\"{@class}\"/>");

    public void Circle(double x, double y, double radius, string @class) =>
        Line($"<circle cx=\"{N(x)}\" cy=\"{N(y)}\" r=\"{N(radius)}\" class=\"{@class}\"/>");

    public void Text(double x, double y, string text, string @class = "", string anchor = "start") =>
        Line($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\" class=\"{@class}\">{SecurityElement.Escape(text)}</text>");

    public string Finish(double width, double height, string title) =>
        $"""
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {N(width)} {N(height)}" width="{N(width)}" height="{N(height)}" role="img">
        <title>{SecurityElement.Escape(title)}</title>
        <style>
        {Palette.Style}
        </style>
        <rect width="100%" height="100%" rx="10" class="back"/>
        {_body}</svg>

        """.ReplaceLineEndings("\n");

    private void Line(string element) => _body.Append(element).Append('\n');

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
