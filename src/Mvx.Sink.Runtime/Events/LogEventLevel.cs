namespace Mvx.Sink.Runtime;

/// <summary>How severe an event is. The numbers are those of Python's logging.</summary>
public enum LogEventLevel
{
    /// <summary>No level was given; <see cref="LogEvent"/> refuses it.</summary>
    None = 0,

    /// <summary>Detail for finding faults.</summary>
    Debug = 10,

    /// <summary>The normal course of things.</summary>
    Information = 20,

    /// <summary>Something that may need attention.</summary>
    Warning = 30,

    /// <summary>An operation failed.</summary>
    Error = 40,

    /// <summary>The application cannot go on.</summary>
    Critical = 50,
}
