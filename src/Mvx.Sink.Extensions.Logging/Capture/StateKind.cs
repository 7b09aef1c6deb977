namespace Mvx.Sink.Extensions.Logging;

/// <summary>What is known of a type of log state.</summary>
internal enum StateKind
{
    /// <summary>Nothing: whatever is wanted of it must be had during the call.</summary>
    Unknown,

    /// <summary>The state of a call with a template and its arguments (<c>LogInformation("...", x)</c>), which may share its array with the caller.</summary>
    Template,

    /// <summary>A copy of it may be read later: the states of LoggerMessage with values that cannot change are so.</summary>
    Immutable,
}
