namespace Mvx.Sink.Extensions.Hosting;

/// <summary>What a health check remembers of one sink from check to check. One check at a time.</summary>
internal sealed class SinkProgress
{
    private SinkLedger _last;
    private long _lost;
    private DateTimeOffset? _lostAt;
    private DateTimeOffset? _waitingSince;

    /// <summary>Takes in a sink's figures and says what degrades it, if anything.</summary>
    /// <param name="figures">The figures.</param>
    /// <param name="now">The time.</param>
    /// <param name="options">What counts as degraded.</param>
    public string? Judge(SinkFigures figures, DateTimeOffset now, MvxSinkHealthOptions options)
    {
        SinkLedger ledger = figures.Ledger;
        var complaints = new List<string>();
        long lost = ledger.Dropped + ledger.Rejected + ledger.Failed + ledger.Undelivered - figures.IntendedLoss;
        if (lost > _lost)
            _lostAt = now;
        if (_lostAt is { } lostAt && now - lostAt <= options.RecentLoss)
            complaints.Add($"lost {lost} events so far, the last of them recently");
        _lost = Math.Max(lost, _lost);

        if (ledger.Pending > options.PendingThreshold)
            complaints.Add($"{ledger.Pending} events are pending, which is more than {options.PendingThreshold}");

        bool progressed = Finished(ledger) != Finished(_last);
        if (ledger.Pending == 0)
            _waitingSince = null;
        else if (progressed || _waitingSince is null)
            _waitingSince = now;
        if (_waitingSince is { } since)
        {
            // What the sink knows counts from the first check on; what is seen from check to check, also where the sink is not ours or hangs in its start.
            TimeSpan waited = now - since;
            if (figures.DispatchAge > waited)
                waited = figures.DispatchAge.Value;
            if (waited >= options.StuckAfter)
                complaints.Add($"{ledger.Pending} events are pending and none has been finished for {waited.TotalSeconds:0} s");
        }

        _last = ledger;
        return complaints.Count == 0 ? null : string.Join("; ", complaints);
    }

    private static long Finished(SinkLedger ledger) => ledger.Delivered + ledger.Failed + ledger.Undelivered;
}
