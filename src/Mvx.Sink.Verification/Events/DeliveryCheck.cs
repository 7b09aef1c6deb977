namespace Mvx.Sink.Verification;

/// <summary>Compares what was logged with what arrived, in linear time, by the events' (producer, number).</summary>
internal static class DeliveryCheck
{
    public static DeliveryFindings Of<TSink, TEvent>(
        SinkSpecification<TSink, TEvent> specification,
        IEnumerable<Producer<TSink, TEvent>> producers,
        IReadOnlyList<ReceivedEvent> received)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        var findings = new DeliveryFindings();
        Dictionary<int, List<LoggedEvent<TEvent>>> logged = producers.ToDictionary(static producer => producer.Id, static producer => producer.Events);
        Dictionary<int, int[]> seen = logged.ToDictionary(static lane => lane.Key, static lane => new int[lane.Value.Count]);
        var order = new List<LoggedEvent<TEvent>>();
        foreach (ReceivedEvent item in received)
        {
            if (!logged.TryGetValue(item.Id.Producer, out List<LoggedEvent<TEvent>>? lane))
                continue; // another run's
            if (item.Id.Number >= lane.Count || !lane[item.Id.Number].IsAccepted)
            {
                findings.Uninvited.Add(item.Id);
                continue;
            }

            LoggedEvent<TEvent> original = lane[item.Id.Number];
            if (seen[item.Id.Producer][item.Id.Number]++ > 0)
            {
                findings.Duplicated.Add(item.Id);
                continue;
            }

            order.Add(original);
            findings.Received++;
            Compare(specification, findings, original, item);
        }

        foreach ((int producer, List<LoggedEvent<TEvent>> lane) in logged)
        {
            for (int number = 0; number < lane.Count; number++)
            {
                if (!lane[number].IsAccepted)
                    continue;
                findings.Accepted++;
                if (seen[producer][number] == 0)
                    findings.Lost.Add(lane[number].Id);
            }
        }

        findings.Swapped = FindSwap(order);
        return findings;
    }

    private static void Compare<TSink, TEvent>(SinkSpecification<TSink, TEvent> specification, DeliveryFindings findings, LoggedEvent<TEvent> original, ReceivedEvent item)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        if (item.Content is null)
            return;
        // Whether the logged object itself was changed on the way is the business of another rule.
        object? expected = specification.ExpectedContent(original.Item);
        if (Equals(expected, item.Content))
            return;
        string before = EventSnapshot.Of(expected);
        string after = EventSnapshot.Of(item.Content);
        if (!string.Equals(before, after, StringComparison.Ordinal))
            findings.Changed.Add($"{original.Id} was logged as {before} and arrived as {after}.");
    }

    /// <summary>
    /// An event must not arrive after one that was logged only when it had been accepted already. From the end: if the earliest return among those that arrived
    /// later lies before this one's call, the two are swapped.
    /// </summary>
    private static (SinkEventId Later, SinkEventId Earlier)? FindSwap<TEvent>(List<LoggedEvent<TEvent>> order)
    {
        LoggedEvent<TEvent>? earliest = null;
        for (int i = order.Count - 1; i >= 0; i--)
        {
            LoggedEvent<TEvent> item = order[i];
            // The clock may be too coarse to tell two calls of one producer apart; its numbers are not.
            if (earliest is not null && (earliest.Returned < item.Invoked || (earliest.Id.Producer == item.Id.Producer && earliest.Id.Number < item.Id.Number)))
                return (item.Id, earliest.Id);
            if (earliest is null || item.Returned < earliest.Returned || (item.Id.Producer == earliest.Id.Producer && item.Id.Number < earliest.Id.Number))
                earliest = item;
        }

        return null;
    }
}
