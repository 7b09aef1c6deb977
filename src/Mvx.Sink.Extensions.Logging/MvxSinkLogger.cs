using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>The logger of one category.</summary>
internal sealed class MvxSinkLogger(string category, LogLevel minimumLevel, LoggerTarget target, EntryCapture capture) : ILogger
{
    // An event's name must not be empty; a category may be.
    private readonly string _category = category.Length == 0 ? "log" : category;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= minimumLevel && logLevel < LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        ArgumentNullException.ThrowIfNull(formatter);
        if (IsEnabled(logLevel))
            target.Log(capture.Capture(_category, logLevel, eventId, state, exception, formatter));
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull =>
        capture.Scopes?.Push(state);
}
