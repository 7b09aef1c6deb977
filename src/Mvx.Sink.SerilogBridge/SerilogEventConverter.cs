using System.Collections.ObjectModel;
using Serilog.Events;
using SerilogEvent = Serilog.Events.LogEvent;
using SerilogLevel = Serilog.Events.LogEventLevel;

namespace Mvx.Sink.SerilogBridge;

/// <summary>Makes an event of ours of one of Serilog's. The message is rendered here, on the thread of the log call.</summary>
internal static class SerilogEventConverter
{
    public static Runtime.LogEvent Convert(SerilogEvent source, IFormatProvider? formatProvider)
    {
        string template = source.MessageTemplate.Text;
        return new Runtime.LogEvent
        {
            Level = LevelOf(source.Level),
            Name = EventNameOf(source) ?? (template.Length == 0 ? "log" : template),
            Timestamp = source.Timestamp,
            Namespace = TextOf(source, "SourceContext"),
            Message = source.RenderMessage(formatProvider),
            Payload = PayloadOf(source, template),
            Exception = source.Exception,
        };
    }

    private static Runtime.LogEventLevel LevelOf(SerilogLevel level) => level switch
    {
        SerilogLevel.Verbose or SerilogLevel.Debug => Runtime.LogEventLevel.Debug,
        SerilogLevel.Information => Runtime.LogEventLevel.Information,
        SerilogLevel.Warning => Runtime.LogEventLevel.Warning,
        SerilogLevel.Error => Runtime.LogEventLevel.Error,
        _ => Runtime.LogEventLevel.Critical,
    };

    private static LogPayload PayloadOf(SerilogEvent source, string template)
    {
        var values = new KeyValuePair<string, object?>[source.Properties.Count + 3];
        int count = 0;
        foreach ((string name, LogEventPropertyValue value) in source.Properties)
            values[count++] = new(name, ValueOf(value));
        if (source.TraceId is { } trace)
            values[count++] = new("TraceId", trace.ToHexString());
        if (source.SpanId is { } span)
            values[count++] = new("SpanId", span.ToHexString());
        values[count++] = new("{OriginalFormat}", template);
        return LogPayload.Create(values.AsSpan(0, count));
    }

    private static object? ValueOf(LogEventPropertyValue value) => value switch
    {
        ScalarValue scalar => scalar.Value,
        SequenceValue sequence => new ReadOnlyCollection<object?>([.. sequence.Elements.Select(ValueOf)]),
        StructureValue structure => MapOf(structure.Properties.Select(static property => KeyValuePair.Create(property.Name, property.Value))),
        DictionaryValue dictionary => MapOf(dictionary.Elements.Select(static element => KeyValuePair.Create(element.Key.Value?.ToString() ?? "", element.Value))),
        _ => value.ToString(),
    };

    private static ReadOnlyDictionary<string, object?> MapOf(IEnumerable<KeyValuePair<string, LogEventPropertyValue>> properties)
    {
        var map = new Dictionary<string, object?>(StringComparer.Ordinal);
        foreach ((string name, LogEventPropertyValue value) in properties)
            map[name] = ValueOf(value);
        return map.AsReadOnly();
    }

    /// <summary>The name that Serilog.Extensions.Logging gives an event in the structure EventId.</summary>
    private static string? EventNameOf(SerilogEvent source)
    {
        if (!source.Properties.TryGetValue("EventId", out LogEventPropertyValue? id) || id is not StructureValue structure)
            return null;
        string? name = (structure.Properties.FirstOrDefault(static property => property.Name == "Name")?.Value as ScalarValue)?.Value as string;
        return string.IsNullOrEmpty(name) ? null : name;
    }

    private static string? TextOf(SerilogEvent source, string property) =>
        source.Properties.TryGetValue(property, out LogEventPropertyValue? value) ? (value as ScalarValue)?.Value as string : null;
}
