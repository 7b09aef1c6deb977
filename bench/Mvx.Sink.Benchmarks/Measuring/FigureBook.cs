namespace Mvx.Sink.Benchmarks.Measuring;

/// <summary>All figures of a run, in the order in which they were first measured.</summary>
internal sealed class FigureBook
{
    private readonly Dictionary<FigureKey, Figure> _figures = [];
    private readonly List<Figure> _ordered = [];

    public IReadOnlyList<Figure> All => _ordered;

    public void Add(string workload, string peer, string @case, string metric, string unit, double value)
    {
        var key = new FigureKey(workload, peer, @case, metric);
        if (!_figures.TryGetValue(key, out Figure? figure))
        {
            figure = new Figure(key, unit);
            _figures.Add(key, figure);
            _ordered.Add(figure);
        }

        figure.Samples.Add(value);
    }

    /// <summary>Strikes out a workload.</summary>
    public void Forget(string workload)
    {
        foreach (Figure figure in _ordered.Where(figure => figure.Key.Workload == workload).ToList())
        {
            _figures.Remove(figure.Key);
            _ordered.Remove(figure);
        }
    }

    public Figure? Find(string workload, string peer, string @case, string metric) =>
        _figures.GetValueOrDefault(new FigureKey(workload, peer, @case, metric));

    public double Median(string workload, string peer, string @case, string metric) =>
        Find(workload, peer, @case, metric)?.Distribution.Median ?? double.NaN;

    /// <summary>
    /// One figure over another, round by round. The two samples of a round were taken within a second or so, so what disturbs the machine
    /// for longer than that disturbs both.
    /// </summary>
    public Distribution? Ratio(FigureKey over, FigureKey under)
    {
        if (!_figures.TryGetValue(over, out Figure? a) || !_figures.TryGetValue(under, out Figure? b))
            return null;
        return Distribution.Of(a.Samples.Zip(b.Samples, static (x, y) => x / y));
    }
}
