namespace Mvx.Sink.Verification;

/// <summary>Counts calls of Log that truly ran at the same time.</summary>
internal static class CallOverlap
{
    /// <summary>
    /// How many pairs of calls, one of each producer and each call in one pair at most, overlap: a call that was interrupted for long overlaps with many, but races with
    /// few. Both in the order of their calls.
    /// </summary>
    public static int Count<TEvent>(LoggedEvent<TEvent>[] left, LoggedEvent<TEvent>[] right)
    {
        int count = 0;
        int at = 0;
        foreach (LoggedEvent<TEvent> call in left)
        {
            while (at < right.Length && right[at].Returned <= call.Invoked)
                at++;
            if (at == right.Length)
                break;
            if (right[at].Invoked >= call.Returned)
                continue;
            count++;
            at++;
        }

        return count;
    }
}
