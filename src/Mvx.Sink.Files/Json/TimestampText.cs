namespace Mvx.Sink.Files.Json;

/// <summary>
/// Timestamps as JSON strings of constant width, <c>"2026-01-31T12:34:56.0000000+01:00"</c>: so they sort as text. What is the same for a
/// second is formatted once in that second.
/// </summary>
internal sealed class TimestampText
{
    private const int FractionStart = 21;
    private const int FractionDigits = 7;
    private const string Template = "\"0000-00-00T00:00:00.0000000+00:00\"";

    private readonly byte[] _text = [.. Template.Select(static c => (byte)c)];
    private long _second = -1;
    private int _offset = int.MinValue;

    /// <summary>The text, with its quotes. Valid until the next call.</summary>
    public ReadOnlySpan<byte> Format(DateTimeOffset value)
    {
        // The local ticks: those of the date and time as written, whatever the offset.
        long ticks = value.DateTime.Ticks;
        (long second, long fraction) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        int offset = value.TotalOffsetMinutes;
        if (second != _second || offset != _offset)
            FormatSecond(value.DateTime, second, offset);
        WriteDigits(FractionStart, FractionDigits, (int)fraction);
        return _text;
    }

    private void FormatSecond(DateTime value, long second, int offset)
    {
        WriteDigits(1, 4, value.Year);
        WriteDigits(6, 2, value.Month);
        WriteDigits(9, 2, value.Day);
        WriteDigits(12, 2, value.Hour);
        WriteDigits(15, 2, value.Minute);
        WriteDigits(18, 2, value.Second);
        _text[28] = offset < 0 ? (byte)'-' : (byte)'+';
        WriteDigits(29, 2, Math.Abs(offset) / 60);
        WriteDigits(32, 2, Math.Abs(offset) % 60);
        _second = second;
        _offset = offset;
    }

    private void WriteDigits(int start, int count, int value)
    {
        Span<byte> digits = _text.AsSpan(start, count);
        uint rest = (uint)value;
        for (int i = digits.Length - 1; i >= 0; i--)
            (rest, digits[i]) = (rest / 10, (byte)('0' + rest % 10));
    }
}
