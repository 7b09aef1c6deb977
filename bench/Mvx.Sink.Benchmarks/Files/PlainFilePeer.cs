using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Mvx.Sink.Benchmarks.Files;

/// <summary>
/// No queue, no second thread: a loop that serialises each event with a reused Utf8JsonWriter and prepared names into a FileStream with a
/// buffer of 64 KiB. What the pipeline costs on top of that is overhead; what its second thread gains is profit.
/// </summary>
internal sealed class PlainFilePeer : IFilePeer
{
    private static readonly JsonEncodedText _timestamp = JsonEncodedText.Encode("timestamp");
    private static readonly JsonEncodedText _level = JsonEncodedText.Encode("level");
    private static readonly JsonEncodedText _namespace = JsonEncodedText.Encode("namespace");
    private static readonly JsonEncodedText _name = JsonEncodedText.Encode("name");
    private static readonly JsonEncodedText _message = JsonEncodedText.Encode("message");
    private static readonly JsonEncodedText _payload = JsonEncodedText.Encode("payload");
    private static readonly JsonEncodedText _information = JsonEncodedText.Encode("Information");

    private LogEvent[] _events = [];
    private FileStream? _file;

    public void Prepare(int count) => _events = MvxEvents.Make(count);

    public void Open(string path) => _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 64 * 1024);

    public void LogAll()
    {
        // Through a buffer of its own: a writer on a stream flushes the stream with each event.
        var buffer = new ArrayBufferWriter<byte>(4 * 1024);
        using var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });
        foreach (LogEvent item in _events)
        {
            json.Reset();
            json.WriteStartObject();
            json.WriteString(_timestamp, item.Timestamp);
            json.WriteString(_level, _information);
            json.WriteString(_namespace, item.Namespace);
            json.WriteString(_name, item.Name);
            json.WriteString(_message, item.Message);
            json.WriteStartObject(_payload);
            foreach ((string key, object? value) in item.Payload)
                Write(json, key, value);
            json.WriteEndObject();
            json.WriteEndObject();
            json.Flush();
            buffer.Write("\n"u8);
            _file!.Write(buffer.WrittenSpan);
            buffer.ResetWrittenCount();
        }
    }

    public void Close() => _file!.Dispose();

    public void Dispose() => _events = [];

    private static void Write(Utf8JsonWriter json, string key, object? value)
    {
        switch (value)
        {
            case string text:
                json.WriteString(key, text);
                break;
            case int number:
                json.WriteNumber(key, number);
                break;
            case double number:
                json.WriteNumber(key, number);
                break;
            default:
                throw new NotSupportedException($"{key}: {value?.GetType().Name ?? "null"}");
        }
    }
}
