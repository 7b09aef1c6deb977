namespace Mvx.Sink.Verification;

/// <summary>Counts calls of Log that truly ran at the same time.</summary>
internal static class CallOverlap
{
    /// <summary>How many calls of one producer began before one of the other's had returned and returned after it had begun. Both in the order of their calls.</summary>
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
            if (right[at].Invoked < call.Returned)
                count++;
        }

        return count;
    }
}
