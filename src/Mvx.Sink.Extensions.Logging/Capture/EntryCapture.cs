using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>Makes an event of a log entry, at the time of the call: what its arguments become afterwards does not matter to it. Any thread; throws nothing.</summary>
internal sealed class EntryCapture(MvxSinkLoggerOptions options)
{
    /// <summary>The name under which the abstractions hand over an entry's template.</summary>
    private const string TemplateKey = "{OriginalFormat}";

    private static readonly Action<object?, CaptureBuffer> _addScope = AddScope;

    private readonly ValueCapture _values = new(options.CaptureValue);
    private readonly TimeProvider _clock = options.TimeProvider;
    private readonly bool _includeScopes = options.IncludeScopes;

    /// <summary>The scopes that are shared with other providers, once the logger factory has said which.</summary>
    public IExternalScopeProvider? Scopes { get; set; }

    public LogEvent Capture<TState>(string category, LogLevel level, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        CaptureBuffer buffer = CaptureBuffer.Rent(_values);
        try
        {
            string? template = AddState(buffer, state);
            if (eventId.Id != 0)
                buffer.Add("EventId", EventIdBox.Of(eventId.Id));
            if (_includeScopes && Scopes is { } scopes)
            {
                buffer.OwnValues = buffer.Count;
                scopes.ForEachScope(_addScope, buffer);
            }

            return new LogEvent
            {
                Level = LevelOf(level),
                Name = string.IsNullOrEmpty(eventId.Name) ? string.IsNullOrEmpty(template) ? category : template : eventId.Name,
                Timestamp = _clock.GetUtcNow(),
                Namespace = category,
                Message = Format(state, exception, formatter),
                Payload = buffer.ToPayload(),
                Exception = exception,
            };
        }
        finally
        {
            buffer.Return();
        }
    }

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Critical,
    };

    /// <summary>Adds the entry's values and gives its template.</summary>
    /// <remarks>Written out as it is, a state that is a struct is not boxed: the compiler of the method for that struct sees through the casts.</remarks>
    private string? AddState<TState>(CaptureBuffer buffer, TState state)
    {
        string? template = null;
        if (state is IReadOnlyList<KeyValuePair<string, object?>>)
        {
            int count = ((IReadOnlyList<KeyValuePair<string, object?>>)state).Count;
            for (int i = 0; i < count; i++)
                AddOwn(buffer, ((IReadOnlyList<KeyValuePair<string, object?>>)state)[i], ref template);
        }
        else if (state is IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            foreach (KeyValuePair<string, object?> pair in pairs)
                AddOwn(buffer, pair, ref template);
        }

        return template;
    }

    private void AddOwn(CaptureBuffer buffer, KeyValuePair<string, object?> pair, ref string? template)
    {
        if (pair.Key == TemplateKey)
            template = pair.Value as string;
        buffer.Add(pair.Key ?? "", _values.Capture(pair.Value));
    }

    private static void AddScope(object? scope, CaptureBuffer buffer)
    {
        switch (scope)
        {
            case null:
                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                foreach (KeyValuePair<string, object?> pair in pairs)
                {
                    if (pair.Key == TemplateKey)
                        buffer.AddScopeText(ValueCapture.TextOf(scope));
                    else
                        buffer.AddScopeValue(pair.Key ?? "", buffer.Values!.Capture(pair.Value));
                }

                break;
            default:
                buffer.AddScopeText(ValueCapture.TextOf(scope));
                break;
        }
    }

    private static string? Format<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            return formatter(state, exception);
        }
        catch (Exception error)
        {
            // A log call must not fail because an argument cannot be shown; the message says so instead.
            return $"(the message could not be formatted: {error.GetType().Name}: {error.Message})";
        }
    }
}
