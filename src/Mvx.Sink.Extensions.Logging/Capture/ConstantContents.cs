using System.Runtime.CompilerServices;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>
/// The contents of messages without values, which are the same for each entry and are made once. Few places, found by the event id or else by the template as an object;
/// two messages that meet in one take turns. Any thread.
/// </summary>
internal static class ConstantContents
{
    private const int Places = 256;

    private static readonly Kept?[] _kept = new Kept?[Places];

    public static LogContent? Find(string template, int eventId, object? formatter)
    {
        Kept? kept = Volatile.Read(ref _kept[PlaceOf(template, eventId)]);
        return kept is not null && ReferenceEquals(kept.Template, template) && kept.EventId == eventId && ReferenceEquals(kept.Formatter, formatter) ? kept.Content : null;
    }

    public static LogContent Keep(string template, int eventId, object? formatter, LogContent content)
    {
        Volatile.Write(ref _kept[PlaceOf(template, eventId)], new Kept(template, eventId, formatter, content));
        return content;
    }

    // Not by the text: that would be a walk over it per log call.
    private static int PlaceOf(string template, int eventId) => (eventId != 0 ? eventId : RuntimeHelpers.GetHashCode(template)) & (Places - 1);

    private sealed record Kept(string Template, int EventId, object? Formatter, LogContent Content);
}
