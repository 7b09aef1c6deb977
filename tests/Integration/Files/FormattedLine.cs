using System.Text;
using System.Text.Json;
using Mvx.Sink.Files.Json;
using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Integration.Files;

/// <summary>One event as the file sink writes it.</summary>
internal sealed class FormattedLine : IDisposable
{
    private JsonDocument? _parsed;

    public FormattedLine(LogEvent item)
    {
        var buffer = new LineBuffer(64);
        new LogEventFormatter(buffer).Append(item);
        Text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(buffer.Bytes);
    }

    public string Text { get; }

    public JsonElement Parse() => (_parsed ??= JsonDocument.Parse(Text)).RootElement.Clone();

    public void Dispose() => _parsed?.Dispose();
}
