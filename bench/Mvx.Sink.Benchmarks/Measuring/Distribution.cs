namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>The middle and the spread of a figure over the rounds.</summary>
internal readonly record struct Distribution(double Median, double LowerQuartile, double UpperQuartile, double Min, double Max, int Count)
{
    public static Distribution Of(IEnumerable<double> samples)
    {
        double[] sorted = [.. samples.Order()];
        return sorted.Length == 0
            ? new(double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 0)
            : new(At(sorted, 0.5), At(sorted, 0.25), At(sorted, 0.75), sorted[0], sorted[^1], sorted.Length);
    }

    /// <summary>A quantile of sorted samples, interpolated.</summary>
    public static double At(ReadOnlySpan<double> sorted, double quantile)
    {
        double position = quantile * (sorted.Length - 1);
        int below = (int)position;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
    }
}
