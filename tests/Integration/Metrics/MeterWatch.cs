using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Mvx.Sink.Integration.Metrics;

/// <summary>Listens to the meter as dotnet-counters does, and keeps what concerns sinks of one name.</summary>
internal sealed class MeterWatch : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly string _sinkName;
    private readonly ConcurrentDictionary<string, double> _observed = new();
    private readonly ConcurrentQueue<Reading> _recorded = new();

    public MeterWatch(string sinkName, Func<Instrument, bool>? wanted = null)
    {
        _sinkName = sinkName;
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == SinkDiagnostics.MeterName && wanted?.Invoke(instrument) != false)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Runs at each measurement of the sink, before it is kept.</summary>
    public Action<Instrument> OnReading { get; set; } = static _ => { };

    public static string NewName() => $"metered-{Guid.NewGuid():N}";

    /// <summary>The observed figures now, by instrument.</summary>
    public IReadOnlyDictionary<string, double> Collect()
    {
        _observed.Clear();
        _listener.RecordObservableInstruments();
        return new Dictionary<string, double>(_observed);
    }

    /// <summary>The counter or gauge <c>mvx.sink.events.…</c> now; null: the sink is not in it.</summary>
    public double? Collect(string what) => Collect().TryGetValue($"mvx.sink.events.{what}", out double value) ? value : null;

    public Reading[] Recorded(string instrument) => [.. _recorded.Where(reading => reading.Instrument == instrument)];

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = new Dictionary<string, object?>(tags.ToArray());
        if (!_sinkName.Equals(all.GetValueOrDefault("mvx.sink.name")))
            return;
        OnReading(instrument);
        if (instrument.IsObservable)
            KeepObserved(instrument, value);
        else
            _recorded.Enqueue(new Reading(instrument.Name, value, all));
    }

    /// <summary>One series is told once per collection.</summary>
    private void KeepObserved(Instrument instrument, double value) =>
        Assert.True(_observed.TryAdd(instrument.Name, value), $"{instrument.Name} tells the series of {_sinkName} twice");

    internal sealed record Reading(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags);
}
