using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>The content of a call with a template. Its values, none of which can change, are copied, because the caller may use their array again.</summary>
internal sealed class TemplateContent(string template, object?[] values, int eventId, KeyValuePair<string, object?>[]? scopes) : LogContent
{
    /// <summary>The content of such a call; without values and scopes it is the same each time.</summary>
    public static LogContent Of(string template, object?[] values, int eventId, KeyValuePair<string, object?>[]? scopes)
    {
        if (values.Length > 0 || scopes is not null)
            return new TemplateContent(template, values, eventId, scopes);
        return ConstantContents.Find(template, eventId, formatter: null)
            ?? ConstantContents.Keep(template, eventId, formatter: null, new TemplateContent(template, values, eventId, null));
    }

    protected override string? MakeMessage() => values.Length == 0 ? template : Replay(payload: false).Message;

    protected override LogPayload MakePayload() => Replay(payload: true).Payload!;

    /// <summary>Has the abstractions make of the template and its values what they made of it for the call, so that text and names are exactly theirs.</summary>
    [SuppressMessage("Performance", "CA1848", Justification = "This is not logging: it has the abstractions format somebody else's template.")]
    [SuppressMessage("Usage", "CA2254", Justification = "This is not logging: it has the abstractions format somebody else's template.")]
    private Replayed Replay(bool payload)
    {
        var replayed = new Replayed(payload, template, eventId, scopes);
        replayed.Log(LogLevel.None, default, null, template, values);
        return replayed;
    }

    private sealed class Replayed(bool wantsPayload, string template, int eventId, KeyValuePair<string, object?>[]? scopes) : ILogger
    {
        public string? Message { get; private set; }

        public LogPayload? Payload { get; private set; }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId id, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (wantsPayload)
                Payload = EntryCapture.PayloadOf(state, eventId, scopes);
            else
                Message = EntryCapture.Format(state, exception, formatter, template);
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;
    }
}
