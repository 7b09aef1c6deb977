using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>
/// Makes an event of a log entry, at the time of the call: what its arguments become afterwards does not matter to it. Where nothing it is made of can change,
/// the message is formatted by whoever first reads it, off the caller's thread; everything else is formatted and copied at once. Any thread; throws nothing.
/// </summary>
internal sealed class EntryCapture(MvxSinkLoggerOptions options)
{
    private readonly ValueCapture _values = new(options.CaptureValue);
    private readonly TimeProvider _clock = options.TimeProvider;
    private readonly bool _includeScopes = options.IncludeScopes;

    private Action<Action<object?, ScopeReader>, ScopeReader>? _forEachScope;

    /// <summary>The scopes that are shared with other providers, once the logger factory has said which.</summary>
    public IExternalScopeProvider? Scopes
    {
        get;
        set
        {
            field = value;
            // A generic method of an interface is looked up at each call; bound once, it is as good as any other.
            _forEachScope = _includeScopes && value is not null ? value.ForEachScope : null;
        }
    }

    public LogEvent Capture<TState>(string category, LogLevel level, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            StateTraits traits = StateTraits<TState>.Value;
            if (traits.Kind != StateKind.Unknown && traits.IsOwn(formatter))
            {
                if (traits.Kind == StateKind.Template)
                {
                    if (StateValues.TryCopy(state, out object?[] values, out string template))
                        return New(category, level, eventId, template, TemplateContent.Of(template, values, eventId.Id, ReadScopes()), exception);
                }
                else if (exception is null)
                {
                    string? name = string.IsNullOrEmpty(eventId.Name) ? StateValues.TemplateOf(state, out _) : null;
                    return New(category, level, eventId, name, ContentOf(state, formatter, eventId.Id, ReadScopes()), null);
                }
            }
        }
        catch (Exception)
        {
            // A state that cannot be read in full, say one with fewer arguments than its template has names: what can be had of it is.
        }

        return CaptureNow(category, level, eventId, state, exception, formatter);
    }

    /// <summary>The text of an entry, or its template and why there is none.</summary>
    public static string? Format<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter, string? template)
    {
        try
        {
            return formatter(state, exception);
        }
        catch (Exception error)
        {
            string reason = $"(the message could not be formatted: {error.GetType().Name}: {error.Message})";
            return template is null ? reason : $"{template} {reason}";
        }
    }

    /// <summary>The payload of a state that cannot change, with the values of the scopes it was logged in.</summary>
    public static LogPayload PayloadOf<TState>(TState state, int eventId, KeyValuePair<string, object?>[]? scopes)
    {
        CaptureBuffer buffer = CaptureBuffer.Rent();
        try
        {
            StateValues.Add(buffer, state, values: null);
            buffer.AddEventId(eventId);
            buffer.AddScopes(scopes);
            return buffer.ToPayload();
        }
        finally
        {
            buffer.Return();
        }
    }

    private LogEvent CaptureNow<TState>(string category, LogLevel level, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        CaptureBuffer buffer = CaptureBuffer.Rent();
        string? template = null;
        try
        {
            template = StateValues.Add(buffer, state, _values);
        }
        catch (Exception error)
        {
            buffer.Add("CaptureError", $"(the values could not be read: {error.GetType().Name}: {error.Message})");
        }

        buffer.AddEventId(eventId.Id);
        try
        {
            buffer.AddScopes(ReadScopes());
        }
        catch (Exception error)
        {
            buffer.AddScopeValue("Scope", $"(the scopes could not be read: {error.GetType().Name}: {error.Message})");
        }

        LogPayload payload = buffer.ToPayload();
        buffer.Return();
        return new LogEvent
        {
            Level = LevelOf(level),
            Name = NameOf(category, eventId, template),
            Timestamp = _clock.GetUtcNow(),
            Namespace = category,
            Message = Format(state, exception, formatter, template),
            Payload = payload,
            Exception = exception,
        };
    }

    private KeyValuePair<string, object?>[]? ReadScopes() => _forEachScope is null ? null : ScopeReader.Read(_forEachScope, _values);

    /// <summary>What a state without values says is the same each time.</summary>
    private static LogContent ContentOf<TState>(TState state, Func<TState, Exception?, string> formatter, int eventId, KeyValuePair<string, object?>[]? scopes)
    {
        if (scopes is not null || !StateTraits<TState>.Value.MayBeConstant || StateValues.TemplateOf(state, out int count) is not { } template || count != 1)
            return new StateContent<TState>(state, formatter, eventId, scopes);
        return ConstantContents.Find(template, eventId, formatter) ?? ConstantContents.Keep(template, eventId, formatter, new StateContent<TState>(state, formatter, eventId, null));
    }

    private LogEvent New(string category, LogLevel level, EventId eventId, string? template, LogContent content, Exception? exception) =>
        new(LevelOf(level), NameOf(category, eventId, template), _clock.GetUtcNow(), category, content, exception);

    /// <summary>The most stable name there is: the event's, else its template, else where it comes from.</summary>
    private static string NameOf(string category, EventId eventId, string? template) =>
        string.IsNullOrEmpty(eventId.Name) ? string.IsNullOrEmpty(template) ? category : template : eventId.Name;

    private static LogEventLevel LevelOf(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => LogEventLevel.Debug,
        LogLevel.Information => LogEventLevel.Information,
        LogLevel.Warning => LogEventLevel.Warning,
        LogLevel.Error => LogEventLevel.Error,
        _ => LogEventLevel.Critical,
    };
}
