using System.Buffers;
using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Mvx.Sink.Files.Json;

/// <summary>
/// Writes a value of any type as valid JSON: scalars, maps and sequences as what they are, exceptions with type, message and stack, the
/// rest as text. Whatever the value does (throw, contain itself, never end), one JSON value is written.
/// </summary>
/// <remarks>
/// The writer's state is known at each place where foreign code may throw, because foreign code is never called half-way through a token. JSON that is the caller's
/// own writes itself, and where it throws is not known: that ends the value, which is then written again with care.
/// </remarks>
internal sealed class ValueWriter(Utf8JsonWriter json)
{
    /// <summary>How deep containers may be nested before they are written as text.</summary>
    public const int MaxDepth = 32;

    /// <summary>How many values one event may hold before the rest is left out.</summary>
    public const int MaxValues = 10_000;

    private const string Cycle = "(a reference to what contains it)";
    private const string TooDeep = "(nested too deep)";
    private const string TooMany = "(more values left out)";

    private static readonly JsonEncodedText _type = JsonEncodedText.Encode("type");
    private static readonly JsonEncodedText _message = JsonEncodedText.Encode("message");
    private static readonly JsonEncodedText _stack = JsonEncodedText.Encode("stack");
    private static readonly JsonEncodedText _inner = JsonEncodedText.Encode("inner");

    private readonly object?[] _containers = new object?[MaxDepth];
    private int _depth;
    private int _left;
    private bool _careful;

    /// <summary>Begins an event.</summary>
    public void Begin()
    {
        Array.Clear(_containers, 0, _depth);
        _depth = 0;
        _left = MaxValues;
    }

    /// <summary>Begins a value again that has thrown half-way through itself.</summary>
    public void BeginCarefully()
    {
        Array.Clear(_containers, 0, _depth);
        _depth = 0;
        _careful = true;
    }

    /// <summary>Ends what <see cref="BeginCarefully"/> began.</summary>
    public void EndCarefully()
    {
        BeginCarefully();
        _careful = false;
    }

    /// <summary>Writes one value; a property's name is written already.</summary>
    public void Write(object? value)
    {
        _left--;
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(SafeText.Limit(text)); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case double number: WriteDouble(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case DateTimeOffset time: json.WriteStringValue(time); break;
            case DateTime time: json.WriteStringValue(time); break;
            case Guid id: json.WriteStringValue(id); break;
            case Enum name: WriteText(name); break;
            case float number: WriteFloat(number); break;
            case uint number: json.WriteNumberValue(number); break;
            case ulong number: json.WriteNumberValue(number); break;
            case short number: json.WriteNumberValue(number); break;
            case ushort number: json.WriteNumberValue(number); break;
            case byte number: json.WriteNumberValue(number); break;
            case sbyte number: json.WriteNumberValue(number); break;
            case TimeSpan time: WriteFormatted(time); break;
            case DateOnly or TimeOnly: WriteIso((IFormattable)value); break;
            case byte[] bytes: WriteBytes(bytes); break;
            case ReadOnlyMemory<byte> bytes: WriteBytes(bytes.Span); break;
            case Memory<byte> bytes: WriteBytes(bytes.Span); break;
            case JsonElement or JsonNode or JsonDocument: WriteJson(value); break;
            case Exception error: WriteContainer(error, static (self, error) => self.WriteException(error)); break;
            case IReadOnlyDictionary<string, object?> map: WriteContainer(map, static (self, map) => self.WriteMap(map)); break;
            case IDictionary map: WriteContainer(map, static (self, map) => self.WriteMap(map)); break;
            case IEnumerable sequence: WriteContainer(sequence, static (self, sequence) => self.WriteSequence(sequence)); break;
            default: WriteText(value); break;
        }
    }

    /// <summary>Writes a map as an object.</summary>
    public void WriteMap(IReadOnlyDictionary<string, object?> map)
    {
        json.WriteStartObject();
        try
        {
            if (map is Dictionary<string, object?> dictionary)
            {
                // Its own enumerator is a struct: no allocation.
                foreach ((string key, object? value) in dictionary)
                {
                    if (!TryWriteProperty(key, value))
                        break;
                }
            }
            else
            {
                foreach ((string key, object? value) in map)
                {
                    if (!TryWriteProperty(key, value))
                        break;
                }
            }
        }
        catch (Exception error) when (error is not HalfWrittenException)
        {
            WriteThrown(map, error);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes a list of named values as an object.</summary>
    public void WriteMap(IReadOnlyList<KeyValuePair<string, object?>> items)
    {
        json.WriteStartObject();
        for (int i = 0; i < items.Count; i++)
        {
            KeyValuePair<string, object?> item = items[i];
            if (!TryWriteProperty(item.Key, item.Value))
                break;
        }

        json.WriteEndObject();
    }

    /// <summary>Writes an exception as an object, the exceptions inside it included.</summary>
    public void WriteException(Exception error)
    {
        json.WriteStartObject();
        json.WriteString(_type, error.GetType().FullName);
        json.WriteString(_message, SafeText.Limit(SafeText.Of(error, static error => error.Message) ?? ""));
        if (SafeText.Of(error, static error => error.StackTrace) is { } stack)
            json.WriteString(_stack, SafeText.Limit(stack));
        if (error is AggregateException { InnerExceptions.Count: > 1 } several)
        {
            json.WritePropertyName(_inner);
            Write(several.InnerExceptions);
        }
        else if (error.InnerException is { } inner)
        {
            json.WritePropertyName(_inner);
            Write(inner);
        }

        json.WriteEndObject();
    }

    private void WriteMap(IDictionary map)
    {
        json.WriteStartObject();
        try
        {
            foreach (DictionaryEntry entry in map)
            {
                if (!TryWriteProperty(entry.Key as string ?? SafeText.Of(entry.Key) ?? "", entry.Value))
                    break;
            }
        }
        catch (Exception error) when (error is not HalfWrittenException)
        {
            WriteThrown(map, error);
        }

        json.WriteEndObject();
    }

    private void WriteSequence(IEnumerable sequence)
    {
        json.WriteStartArray();
        try
        {
            if (sequence is IReadOnlyList<object?> list)
            {
                for (int i = 0; i < list.Count && TryWriteElement(list[i]); i++)
                {
                }
            }
            else
            {
                foreach (object? element in sequence)
                {
                    if (!TryWriteElement(element))
                        break;
                }
            }
        }
        catch (Exception error) when (error is not HalfWrittenException)
        {
            json.WriteStringValue(SafeText.Threw(sequence, error));
        }

        json.WriteEndArray();
    }

    private void WriteThrown(object container, Exception error)
    {
        json.WritePropertyName("!");
        json.WriteStringValue(SafeText.Threw(container, error));
    }

    private bool TryWriteProperty(string key, object? value)
    {
        if (_left <= 0)
        {
            json.WriteString("!"u8, TooMany);
            return false;
        }

        json.WritePropertyName(SafeText.Limit(key));
        Write(value);
        return true;
    }

    private bool TryWriteElement(object? value)
    {
        if (_left <= 0)
        {
            json.WriteStringValue(TooMany);
            return false;
        }

        Write(value);
        return true;
    }

    /// <summary>Writes a container unless that would not end.</summary>
    private void WriteContainer<T>(T container, Action<ValueWriter, T> write)
        where T : class
    {
        if (_depth == MaxDepth)
        {
            json.WriteStringValue(TooDeep);
            return;
        }

        for (int i = 0; i < _depth; i++)
        {
            if (ReferenceEquals(_containers[i], container))
            {
                json.WriteStringValue(Cycle);
                return;
            }
        }

        _containers[_depth++] = container;
        write(this, container);
        _containers[--_depth] = null;
    }

    private void WriteText(object value)
    {
        if (SafeText.Of(value) is { } text)
            json.WriteStringValue(SafeText.Limit(text));
        else
            json.WriteNullValue();
    }

    /// <summary>JSON has no numbers for these; their names are what other writers use too.</summary>
    private void WriteDouble(double number)
    {
        if (double.IsFinite(number))
            json.WriteNumberValue(number);
        else
            WriteText(number);
    }

    private void WriteFloat(float number)
    {
        if (float.IsFinite(number))
            json.WriteNumberValue(number);
        else
            WriteText(number);
    }

    private void WriteFormatted<T>(T value)
        where T : IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[64];
        value.TryFormat(text, out int length, default, System.Globalization.CultureInfo.InvariantCulture);
        json.WriteStringValue(text[..length]);
    }

    private void WriteIso(IFormattable value) => json.WriteStringValue(value.ToString("O", System.Globalization.CultureInfo.InvariantCulture));

    private void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= SafeText.MaxLength)
            json.WriteBase64StringValue(bytes);
        else
            json.WriteStringValue($"({bytes.Length} bytes left out)");
    }

    private void WriteJson(object value)
    {
        if (_careful)
        {
            WriteJsonCarefully(value);
            return;
        }

        try
        {
            WriteJson(value, json);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new HalfWrittenException(error);
        }
    }

    /// <summary>Written elsewhere first, where what is half-way through harms nothing.</summary>
    private void WriteJsonCarefully(object value)
    {
        var bytes = new ArrayBufferWriter<byte>();
        try
        {
            using var aside = new Utf8JsonWriter(bytes, json.Options);
            WriteJson(value, aside);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            json.WriteStringValue(SafeText.Threw(value, error));
            return;
        }

        json.WriteRawValue(bytes.WrittenSpan, skipInputValidation: true);
    }

    private static void WriteJson(object value, Utf8JsonWriter writer)
    {
        switch (value)
        {
            case JsonElement { ValueKind: JsonValueKind.Undefined }: writer.WriteNullValue(); break;
            case JsonElement element: element.WriteTo(writer); break;
            case JsonNode node: node.WriteTo(writer); break;
            default: ((JsonDocument)value).WriteTo(writer); break;
        }
    }
}
