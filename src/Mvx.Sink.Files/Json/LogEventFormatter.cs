using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Files.Json;

/// <summary>Appends log events to a buffer, each as a JSON object on a line of its own. Infallible, whatever the payload holds. One thread at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The writer writes to memory only and is flushed after each event, so it holds nothing to release.")]
internal sealed class LogEventFormatter
{
    // Relaxed: only what JSON itself demands is escaped, so that texts in any language stay readable. No line break is ever written raw.
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly JsonEncodedText _timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText _level = JsonEncodedText.Encode("level");
    private static readonly JsonEncodedText _namespace = JsonEncodedText.Encode("namespace");
    private static readonly JsonEncodedText _name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText _type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText _outcome = JsonEncodedText.Encode("outcome");
    private static readonly JsonEncodedText _entityId = JsonEncodedText.Encode("entityId");
    private static readonly JsonEncodedText _message = JsonEncodedText.Encode("message");
    private static readonly JsonEncodedText _payload = JsonEncodedText.Encode("payload");
    private static readonly JsonEncodedText _exception = JsonEncodedText.Encode("exception");
    private static readonly JsonEncodedText _source = JsonEncodedText.Encode("source");
    private static readonly JsonEncodedText _path = JsonEncodedText.Encode("path");
    private static readonly JsonEncodedText _line = JsonEncodedText.Encode("line");
    private static readonly JsonEncodedText _member = JsonEncodedText.Encode("member");

    private static readonly JsonEncodedText _debug = JsonEncodedText.Encode(nameof(LogEventLevel.Debug));
    private static readonly JsonEncodedText _information = JsonEncodedText.Encode(nameof(LogEventLevel.Information));
    private static readonly JsonEncodedText _warning = JsonEncodedText.Encode(nameof(LogEventLevel.Warning));
    private static readonly JsonEncodedText _error = JsonEncodedText.Encode(nameof(LogEventLevel.Error));
    private static readonly JsonEncodedText _critical = JsonEncodedText.Encode(nameof(LogEventLevel.Critical));

    private readonly LineBuffer _buffer;
    private readonly Utf8JsonWriter _json;
    private readonly ValueWriter _values;
    private readonly TimestampText _time = new();

    public LogEventFormatter(LineBuffer buffer)
    {
        _buffer = buffer;
        _json = new Utf8JsonWriter(buffer, _options);
        _values = new ValueWriter(_json);
    }

    /// <summary>Appends one event and a line feed.</summary>
    public void Append(LogEvent item)
    {
        int start = _buffer.Count;
        try
        {
            Write(item, unwritable: null);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Some value has thrown half-way through itself. The event's own fields cannot.
            _buffer.Truncate(start);
            Write(item, error);
        }

        _buffer.Append((byte)'\n');
    }

    private void Write(LogEvent item, Exception? unwritable)
    {
        _json.Reset(_buffer);
        _values.Begin();
        _json.WriteStartObject();
        _json.WritePropertyName(_timestamp);
        _json.WriteRawValue(_time.Format(item.Timestamp), skipInputValidation: true);
        _json.WriteString(_level, LevelName(item.Level));
        WriteText(_namespace, item.Namespace);
        WriteText(_name, item.Name);
        WriteText(_type, item.Type);
        WriteText(_outcome, item.Outcome);
        WriteText(_entityId, item.EntityId);
        WriteText(_message, item.Message);
        if (unwritable is not null)
            WriteUnwritable(unwritable);
        else if (item.Payload.Count > 0)
            WritePayload(item.Payload);
        if (item.Exception is { } error)
        {
            _json.WritePropertyName(_exception);
            _values.Write(error);
        }

        if (item.SourcePath is not null || item.SourceMember is not null || item.SourceLine != 0)
            WriteSource(item);
        _json.WriteEndObject();
        _json.Flush();
    }

    private static JsonEncodedText LevelName(LogEventLevel level) => level switch
    {
        LogEventLevel.Debug => _debug,
        LogEventLevel.Information => _information,
        LogEventLevel.Warning => _warning,
        LogEventLevel.Error => _error,
        _ => _critical,
    };

    private void WriteText(JsonEncodedText name, string? text)
    {
        if (text is not null)
            _json.WriteString(name, SafeText.Limit(text));
    }

    private void WritePayload(IReadOnlyDictionary<string, object?> payload)
    {
        _json.WritePropertyName(_payload);
        // An event's own payload can be walked by index, which allocates nothing.
        if (payload is IReadOnlyList<KeyValuePair<string, object?>> items)
            _values.WriteMap(items);
        else
            _values.WriteMap(payload);
    }

    private void WriteUnwritable(Exception error)
    {
        _json.WriteStartObject(_payload);
        _json.WriteString("!"u8, $"(the payload could not be written: {error.GetType().Name})");
        _json.WriteEndObject();
    }

    private void WriteSource(LogEvent item)
    {
        _json.WriteStartObject(_source);
        WriteText(_path, item.SourcePath);
        if (item.SourceLine != 0)
            _json.WriteNumber(_line, item.SourceLine);
        WriteText(_member, item.SourceMember);
        _json.WriteEndObject();
    }
}
