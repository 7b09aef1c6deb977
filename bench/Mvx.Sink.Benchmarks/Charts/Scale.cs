namespace Mvx.Sink.Benchmarks.Charts;

/// <summary>Where a value stands on an axis, and where its grid lines are.</summary>
internal sealed record Scale(bool Logarithmic, double From, double To)
{
    /// <summary>A scale from zero: for bars, whose length is what the eye compares.</summary>
    public static Scale Linear(IEnumerable<double> values) => new(Logarithmic: false, 0, Ceiling(values.DefaultIfEmpty(1).Max() * 1.02));

    /// <summary>A scale of factors: for dots, which may span four powers of ten.</summary>
    public static Scale Log(IEnumerable<double> values)
    {
        double[] positive = [.. values.Where(static value => value > 0)];
        double from = positive.DefaultIfEmpty(1).Min() / 1.25;
        double to = positive.DefaultIfEmpty(10).Max() * 1.25;
        return new Scale(Logarithmic: true, from, to);
    }

    public double At(double value) => Logarithmic
        ? (Math.Log(Math.Clamp(value, From, To)) - Math.Log(From)) / (Math.Log(To) - Math.Log(From))
        : Math.Clamp(value, From, To) / To;

    public IEnumerable<double> Grid()
    {
        if (!Logarithmic)
        {
            double step = Ceiling(To / 4.01);
            for (double value = 0; value <= To * 1.0001; value += step)
                yield return value;
            yield break;
        }

        // A short scale needs more lines than one per power of ten.
        double[] digits = Math.Log10(To / From) < 2 ? [1, 2, 5] : [1];
        for (double power = Math.Pow(10, Math.Floor(Math.Log10(From))); power <= To; power *= 10)
        {
            foreach (double digit in digits)
            {
                if (digit * power >= From && digit * power <= To)
                    yield return digit * power;
            }
        }
    }

    /// <summary>The next round figure: 1, 2, 2.5 or 5 times a power of ten.</summary>
    private static double Ceiling(double value)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        double[] round = [1, 2, 2.5, 5, 10];
        return round.First(digit => digit * power >= value * 0.9999) * power;
    }
}
