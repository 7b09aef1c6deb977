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

    /// <summary>From so many properties on the writer counts what it writes.</summary>
    private const int ManyProperties = 256;

    private readonly LineBuffer _buffer;
    private readonly Utf8JsonWriter _json;
    private readonly ValueWriter _values;
    private readonly TimestampText _time = new();
    private readonly PlainJson _plain;

    public LogEventFormatter(LineBuffer buffer)
    {
        _buffer = buffer;
        _plain = new PlainJson(buffer, _options.Encoder!);
        _json = new Utf8JsonWriter(buffer, _options);
        _values = new ValueWriter(_json);
    }

    /// <summary>Appends one event and a line feed.</summary>
    public void Append(LogEvent item)
    {
        Write(item);
        _buffer.Append((byte)'\n');
    }

    private void Write(LogEvent item)
    {
        _values.Begin();
        _plain.Append("{\"timestamp\":"u8);
        _plain.Append(_time.Format(item.Timestamp));
        _plain.Append(LevelProperty(item.Level));
        WriteText(",\"namespace\":"u8, item.Namespace);
        WriteText(",\"name\":"u8, item.Name);
        WriteText(",\"type\":"u8, item.Type);
        WriteText(",\"outcome\":"u8, item.Outcome);
        WriteText(",\"entityId\":"u8, item.EntityId);
        WriteText(",\"message\":"u8, item.Message);
        WritePayload(item.Payload);
        if (item.Exception is { } error)
        {
            _plain.Append(",\"exception\":"u8);
            WriteValue(error);
        }

        if (item.SourcePath is not null || item.SourceMember is not null || item.SourceLine != 0)
            WriteSource(item);
        _plain.Append("}"u8);
    }

    private static ReadOnlySpan<byte> LevelProperty(LogEventLevel level) => level switch
    {
        LogEventLevel.Debug => ",\"level\":\"Debug\""u8,
        LogEventLevel.Information => ",\"level\":\"Information\""u8,
        LogEventLevel.Warning => ",\"level\":\"Warning\""u8,
        LogEventLevel.Error => ",\"level\":\"Error\""u8,
        _ => ",\"level\":\"Critical\""u8,
    };

    private void WriteText(ReadOnlySpan<byte> property, string? text)
    {
        if (text is null)
            return;
        _plain.Append(property);
        WriteString(text);
    }

    private void WriteString(string text)
    {
        if (_plain.TryAppend(text))
            return;
        _json.Reset(_buffer);
        _json.WriteStringValue(SafeText.Limit(text));
        _json.Flush();
    }

    private void WriteValue(object? value)
    {
        int start = _buffer.Count;
        try
        {
            TryWriteValue(value);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            WriteUnwritable(start, value);
        }
    }

    private void TryWriteValue(object? value)
    {
        _json.Reset(_buffer);
        _values.Write(value);
        _json.Flush();
    }

    /// <summary>Some part of the value has thrown half-way through itself: again, with care, so that only that part is lost.</summary>
    private void WriteUnwritable(int start, object? value)
    {
        try
        {
            _buffer.Truncate(start);
            _values.BeginCarefully();
            TryWriteValue(value);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _buffer.Truncate(start);
            WriteString($"(the value could not be written: {error.GetType().Name})");
        }
        finally
        {
            _values.EndCarefully();
        }
    }

    private void WritePayload(IReadOnlyDictionary<string, object?> payload)
    {
        if (payload.Count == 0)
            return;
        _plain.Append(",\"payload\":"u8);
        if (payload is LogPayload { Count: <= ManyProperties } items)
            WriteProperties(items);
        else
            WriteValue(payload);
    }

    /// <summary>Each property is begun here; only a value that is no plain text or number is given to the writer.</summary>
    private void WriteProperties(LogPayload items)
    {
        // Walked by index, which allocates nothing.
        IReadOnlyList<KeyValuePair<string, object?>> values = items;
        for (int i = 0; i < values.Count; i++)
        {
            (string key, object? value) = values[i];
            _plain.Append(i == 0 ? "{"u8 : ","u8);
            WriteString(key);
            _plain.Append(":"u8);
            if (value is string text)
                WriteString(text);
            else if (!_plain.TryAppendScalar(value))
                WriteValue(value);
        }

        _plain.Append("}"u8);
    }

    private void WriteSource(LogEvent item)
    {
        _plain.Append(",\"source\":"u8);
        _json.Reset(_buffer);
        _json.WriteStartObject();
        if (item.SourcePath is not null)
            _json.WriteString("path"u8, SafeText.Limit(item.SourcePath));
        if (item.SourceLine != 0)
            _json.WriteNumber("line"u8, item.SourceLine);
        if (item.SourceMember is not null)
            _json.WriteString("member"u8, SafeText.Limit(item.SourceMember));
        _json.WriteEndObject();
        _json.Flush();
    }
}
