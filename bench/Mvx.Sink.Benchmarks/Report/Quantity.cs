using System.Globalization;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>Figures as people read them: three digits and the unit that fits.</summary>
internal static class Quantity
{
    public static string Format(double value, string unit) => unit switch
    {
        "ns" when Math.Abs(value) >= 1e9 => $"{Digits(value / 1e9)} s",
        "ns" when Math.Abs(value) >= 1e6 => $"{Digits(value / 1e6)} ms",
        "ns" when Math.Abs(value) >= 1e4 => $"{Digits(value / 1e3)} µs",
        "events/s" when value >= 1e6 => $"{Digits(value / 1e6)} M/s",
        "events/s" when value >= 1e3 => $"{Digits(value / 1e3)} k/s",
        "B" when Math.Abs(value) >= 1024 * 1024 => $"{Digits(value / 1024 / 1024)} MiB",
        "B" when Math.Abs(value) >= 10 * 1024 => $"{Digits(value / 1024)} KiB",
        "%" => $"{value.ToString("0.0", CultureInfo.InvariantCulture)} %",
        _ => $"{Digits(value)} {unit}",
    };

    /// <summary>A round figure, for an axis: 10 µs, not 10.0 µs.</summary>
    public static string Round(double value, string unit)
    {
        (double divisor, string prefix) = value switch
        {
            >= 1e9 => (1e9, unit == "ns" ? "s" : "G/s"),
            >= 1e6 => (1e6, unit == "ns" ? "ms" : "M/s"),
            >= 1e3 => (1e3, unit == "ns" ? "µs" : "k/s"),
            _ => (1, unit),
        };
        return value == 0 ? "0" : $"{(value / divisor).ToString("0.##", CultureInfo.InvariantCulture)} {prefix}";
    }

    public static string Digits(double value) => double.IsNaN(value)
        ? "–"
        : Math.Abs(value) switch
        {
            >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture).Replace(',', ' '),
            >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
            >= 1 => value.ToString("0.00", CultureInfo.InvariantCulture),
            0 => "0",
            _ => value.ToString("0.000", CultureInfo.InvariantCulture),
        };
}
