namespace Mvx.Sink.Runtime;

/// <summary>A stop did not end within its budget: what was left is handed over as undelivered, and the sink ends in Failure.</summary>
public sealed class StopBudgetSpentException : SinkException
{
    /// <summary>Creates the error.</summary>
    /// <param name="budget">The time that the stop was given.</param>
    public StopBudgetSpentException(TimeSpan budget)
        : base(
            SinkErrorReason.UnexpectedError,
            $"The stop did not end within its budget of {budget.TotalSeconds:0.###} s. What was not delivered by then is handed over. Give Stop or SinkOptions.StopBudget more time, or make the backend honour its cancellation token.",
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["budget"] = budget }) => Budget = budget;

    /// <summary>The time that the stop was given.</summary>
    public TimeSpan Budget { get; }
}
