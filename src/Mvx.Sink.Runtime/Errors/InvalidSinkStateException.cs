using System.Collections.ObjectModel;

namespace Mvx.Sink.Runtime;

/// <summary>An operation, or <c>Log</c>, is not valid in the sink's current state (rules L4, L8, A2).</summary>
public sealed class InvalidSinkStateException : SinkException
{
    /// <summary>Creates the error.</summary>
    /// <param name="state">The state the sink was in.</param>
    /// <param name="expectedStates">The states in which the operation is valid.</param>
    /// <param name="innerException">What ended the sink, where that is the cause; else null.</param>
    public InvalidSinkStateException(SinkState state, IReadOnlyList<SinkState> expectedStates, Exception? innerException = null)
        : this(state, Copy(expectedStates), innerException)
    {
    }

    private InvalidSinkStateException(SinkState state, ReadOnlyCollection<SinkState> expectedStates, Exception? innerException)
        : base(
            SinkErrorReason.InvalidLogSinkState,
            Describe(state, expectedStates),
            new Dictionary<string, object?> { ["state"] = state, ["expectedStates"] = expectedStates },
            innerException)
    {
        State = state;
        ExpectedStates = expectedStates;
    }

    /// <summary>The state the sink was in.</summary>
    public SinkState State { get; }

    /// <summary>The states in which the operation is valid.</summary>
    public IReadOnlyList<SinkState> ExpectedStates { get; }

    private static ReadOnlyCollection<SinkState> Copy(IReadOnlyList<SinkState> expectedStates)
    {
        ArgumentNullException.ThrowIfNull(expectedStates);
        return Array.AsReadOnly([.. expectedStates]);
    }

    private static string Describe(SinkState state, ReadOnlyCollection<SinkState> expectedStates)
    {
        string advice = state switch
        {
            SinkState.Failure or SinkState.Cancelled => " The sink has ended for good: see the inner exception, and create a new one.",
            SinkState.Stopped => " A stopped sink takes events again after Start(), unless it was terminated.",
            _ => "",
        };
        return $"The sink is {state}; this needs it to be {string.Join(" or ", expectedStates)}.{advice}";
    }
}
