namespace Mvx.Sink.Extensions.Logging;

/// <summary>The content of an entry whose state cannot change: the state itself, unboxed, is the capture.</summary>
internal sealed class StateContent<TState>(TState state, Func<TState, Exception?, string> formatter, int eventId, KeyValuePair<string, object?>[]? scopes) : LogContent
{
    protected override string? MakeMessage() => EntryCapture.Format(state, null, formatter, StateValues.TemplateOf(state, out _));

    protected override LogPayload MakePayload() => EntryCapture.PayloadOf(state, eventId, scopes);
}
