using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>
/// Makes an event of a log entry, at the time of the call: what its arguments become afterwards does not matter to it. Where nothing it is made of can change,
/// the message is formatted by whoever first reads it, off the caller's thread; everything else is formatted and copied at once. Any thread; throws nothing.
/// </summary>
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
        CaptureBuffer buffer = CaptureBuffer.Rent();
        try
        {
            if (StateTraits<TState>.IsImmutable && exception is null && StateTraits<TState>.IsPlain(formatter))
            {
                string? name = string.IsNullOrEmpty(eventId.Name) ? TemplateOf(state) : null;
                return New(category, level, eventId, name, new StateContent<TState>(state, formatter, eventId.Id, ScopesOf(buffer)), null);
            }

            if (StateTraits<TState>.IsTemplateCall && StateTraits<TState>.IsPlain(formatter) && TryCopy(state, out object?[] values, out string template))
                return New(category, level, eventId, template, new TemplateContent(template, values, eventId.Id, ScopesOf(buffer)), exception);

            return CaptureNow(buffer, category, level, eventId, state, exception, formatter);
        }
        catch (Exception error)
        {
            // A log call must not fail because of what it tells of: a template with too few arguments, say.
            return New(category, level, eventId, template: null) with
            {
                Exception = exception,
                Message = $"{Format(state, exception, formatter)} (its values could not be captured: {error.GetType().Name}: {error.Message})",
            };
        }
        finally
        {
            buffer.Return();
        }
    }

    public static string? Format<TState>(TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            return formatter(state, exception);
        }
        catch (Exception error)
        {
            return $"(the message could not be formatted: {error.GetType().Name}: {error.Message})";
        }
    }

    /// <summary>Adds a state's values; null captures nothing, because nothing can change. Gives the entry's template.</summary>
    /// <remarks>Written out as it is, a state that is a struct is not boxed: the compiler of the method for that struct sees through the casts.</remarks>
    public static string? AddOwn<TState>(CaptureBuffer buffer, TState state, ValueCapture? values)
    {
        string? template = null;
        if (state is IReadOnlyList<KeyValuePair<string, object?>>)
        {
            int count = ((IReadOnlyList<KeyValuePair<string, object?>>)state).Count;
            for (int i = 0; i < count; i++)
                AddOwn(buffer, ((IReadOnlyList<KeyValuePair<string, object?>>)state)[i], values, ref template);
        }
        else if (state is IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            foreach (KeyValuePair<string, object?> pair in pairs)
                AddOwn(buffer, pair, values, ref template);
        }

        return template;
    }

    /// <summary>The payload of a state that cannot change, with the values of the scopes it was logged in.</summary>
    public static LogPayload PayloadOf<TState>(TState state, int eventId, KeyValuePair<string, object?>[]? scopes)
    {
        CaptureBuffer buffer = CaptureBuffer.Rent();
        try
        {
            AddOwn(buffer, state, values: null);
            buffer.AddEventId(eventId);
            buffer.OwnValues = buffer.Count;
            foreach ((string key, object? value) in scopes ?? [])
                buffer.AddScopeValue(key, value);
            return buffer.ToPayload();
        }
        finally
        {
            buffer.Return();
        }
    }

    private LogEvent CaptureNow<TState>(
        CaptureBuffer buffer,
        string category,
        LogLevel level,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        string? template = AddOwn(buffer, state, _values);
        buffer.AddEventId(eventId.Id);
        AddScopes(buffer);
        return New(category, level, eventId, template, Format(state, exception, formatter), buffer.ToPayload(), exception);
    }

    /// <summary>Copies the values of a template call. False when one of them could change.</summary>
    private static bool TryCopy<TState>(TState state, out object?[] values, out string template)
    {
        values = [];
        template = "";
        if (state is not IReadOnlyList<KeyValuePair<string, object?>>)
            return false;
        int count = ((IReadOnlyList<KeyValuePair<string, object?>>)state).Count - 1;
        if (count > 0)
            values = new object?[count];
        for (int i = 0; i < count; i++)
        {
            object? value = ((IReadOnlyList<KeyValuePair<string, object?>>)state)[i].Value;
            if (!ValueCapture.IsImmutable(value))
                return false;
            values[i] = value;
        }

        if (((IReadOnlyList<KeyValuePair<string, object?>>)state)[count].Value is not string text)
            return false;
        template = text;
        return true;
    }

    private KeyValuePair<string, object?>[]? ScopesOf(CaptureBuffer buffer) => AddScopes(buffer) ? buffer.ToArray() : null;

    private LogEvent New(string category, LogLevel level, EventId eventId, string? template, LogContent content, Exception? exception) => new()
    {
        Level = LevelOf(level),
        Name = NameOf(category, eventId, template),
        Timestamp = _clock.GetUtcNow(),
        Namespace = category,
        Content = content,
        Exception = exception,
    };

    private LogEvent New(string category, LogLevel level, EventId eventId, string? template, string? message = null, LogPayload? payload = null, Exception? exception = null) => new()
    {
        Level = LevelOf(level),
        Name = NameOf(category, eventId, template),
        Timestamp = _clock.GetUtcNow(),
        Namespace = category,
        Message = message,
        Payload = payload ?? LogPayload.Empty,
        Exception = exception,
    };

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

    /// <summary>The template of an immutable state, which by convention is its last value, so that no other one is boxed.</summary>
    private static string? TemplateOf<TState>(TState state)
    {
        if (state is not IReadOnlyList<KeyValuePair<string, object?>>)
            return null;
        int count = ((IReadOnlyList<KeyValuePair<string, object?>>)state).Count;
        if (count == 0)
            return null;
        KeyValuePair<string, object?> last = ((IReadOnlyList<KeyValuePair<string, object?>>)state)[count - 1];
        return last.Key == TemplateKey ? last.Value as string : null;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddOwn(CaptureBuffer buffer, KeyValuePair<string, object?> pair, ValueCapture? values, ref string? template)
    {
        if (pair.Key == TemplateKey)
            template = pair.Value as string;
        buffer.Add(pair.Key ?? "", values is null ? pair.Value : values.Capture(pair.Value));
    }

    /// <summary>Adds the values of the scopes around the call. False: there are none.</summary>
    private bool AddScopes(CaptureBuffer buffer)
    {
        if (!_includeScopes || Scopes is not { } scopes)
            return false;
        buffer.OwnValues = buffer.Count;
        buffer.Values = _values;
        scopes.ForEachScope(_addScope, buffer);
        buffer.CloseScopes();
        return buffer.Count > buffer.OwnValues;
    }

    private static void AddScope(object? scope, CaptureBuffer buffer)
    {
        switch (scope)
        {
            case null:
                break;
            case IReadOnlyList<KeyValuePair<string, object?>> pairs:
                for (int i = 0, count = pairs.Count; i < count; i++)
                    AddScopePair(scope, pairs, pairs[i], buffer);
                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                foreach (KeyValuePair<string, object?> pair in pairs)
                    AddScopePair(scope, pairs, pair, buffer);
                break;
            default:
                buffer.AddScopeText(ValueCapture.TextOf(scope));
                break;
        }
    }

    private static void AddScopePair(object scope, IEnumerable<KeyValuePair<string, object?>> pairs, KeyValuePair<string, object?> pair, CaptureBuffer buffer)
    {
        if (pair.Key == TemplateKey)
            buffer.AddScopeText(ScopeText.Of(scope, pairs));
        else
            buffer.AddScopeValue(pair.Key ?? "", buffer.Values!.Capture(pair.Value));
    }
}
