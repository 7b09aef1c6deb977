using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Files.Json;

/// <summary>
/// Appends the JSON that needs no thought: texts without anything to escape, and numbers. Everything else is Utf8JsonWriter's, which costs three times as much per
/// property. What is to be escaped is the same encoder's decision in both.
/// </summary>
internal sealed class PlainJson(LineBuffer buffer, JavaScriptEncoder encoder)
{
    private const int LongestText = 16 * 1024;
    private const int LongestNumber = 64;
    private const int LongestKnown = 128;
    private const int KnownSlots = 128;

    // Whole numbers below this are exact, and have at most 15 digits.
    private const double Exact = 1e15;

    // Most texts come from literals and are the same object each time; one that is met twice in a row in its slot is kept as bytes.
    private readonly (string? Text, byte[]? Json)[] _known = new (string?, byte[]?)[KnownSlots];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ReadOnlySpan<byte> bytes) => buffer.Append(bytes);

    /// <summary>Appends a text with its quotes. False, and nothing is appended, when it is long or needs escaping.</summary>
    public bool TryAppend(string text)
    {
        if (text.Length is 0 or > LongestKnown)
            return TryAppendNew(text);
        ref (string? Text, byte[]? Json) slot = ref _known[(text.Length + 7 * text[0] + 31 * text[^1]) & (KnownSlots - 1)];
        if (!ReferenceEquals(slot.Text, text))
        {
            slot = (text, null);
            return TryAppendNew(text);
        }

        if (slot.Json is { } known)
        {
            buffer.Append(known);
            return true;
        }

        int start = buffer.Count;
        if (!TryAppendNew(text))
            return false;
        slot.Json = buffer.Bytes[start..].ToArray();
        return true;
    }

    private bool TryAppendNew(string text)
    {
        if (text.Length > LongestText)
            return false;
        // A UTF-16 unit takes at most three bytes.
        Span<byte> span = buffer.GetSpan(3 * text.Length + 2);
        Utf8.FromUtf16(text, span[1..], out _, out int written, replaceInvalidSequences: true);
        if (encoder.FindFirstCharacterToEncodeUtf8(span.Slice(1, written)) >= 0)
            return false;
        span[0] = (byte)'"';
        span[written + 1] = (byte)'"';
        buffer.Advance(written + 2);
        return true;
    }

    /// <summary>Appends a number, a truth value or null. False, and nothing is appended, for anything else.</summary>
    public bool TryAppendScalar(object? value)
    {
        switch (value)
        {
            case null: Append("null"u8); return true;
            case int number: AppendNumber(number); return true;
            case long number: AppendNumber(number); return true;
            case bool flag: Append(flag ? "true"u8 : "false"u8); return true;
            case double number when double.IsFinite(number): AppendDouble(number); return true;
            default: return false;
        }
    }

    /// <summary>
    /// Numbers of few digits, which most measured ones are, need no search for their shortest text: it is the whole number that a small power of ten makes of them, if
    /// dividing gives the number back.
    /// </summary>
    private void AppendDouble(double number)
    {
        double scale = 1;
        for (int digits = 0; digits <= 3; digits++, scale *= 10)
        {
            double scaled = Math.Round(number * scale);
            if (Math.Abs(scaled) >= Exact)
                break;
            long whole = (long)scaled;
            if (whole / scale == number && (whole != 0 || !double.IsNegative(number)))
            {
                AppendDecimal(whole, digits, (long)scale);
                return;
            }
        }

        AppendNumber(number);
    }

    private void AppendDecimal(long whole, int digits, long scale)
    {
        Span<byte> span = buffer.GetSpan(LongestNumber);
        int at = 0;
        if (whole < 0)
            span[at++] = (byte)'-';
        (ulong integer, ulong fraction) = Math.DivRem((ulong)Math.Abs(whole), (ulong)scale);
        integer.TryFormat(span[at..], out int written, default, CultureInfo.InvariantCulture);
        at += written;
        if (digits > 0)
        {
            span[at] = (byte)'.';
            for (int i = digits; i > 0; i--, fraction /= 10)
                span[at + i] = (byte)('0' + fraction % 10);
            at += digits + 1;
        }

        buffer.Advance(at);
    }

    private void AppendNumber<T>(T number)
        where T : IUtf8SpanFormattable
    {
        number.TryFormat(buffer.GetSpan(LongestNumber), out int written, default, CultureInfo.InvariantCulture);
        buffer.Advance(written);
    }
}
