using System.Runtime.InteropServices;
using System.Text.Json;
using Mvx.Sink.Files;
using Mvx.Sink.Integration.Files;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification.GoodSinks;

/// <summary>
/// Verifies the file sink. Its backend breaks as a backend of files does, for root too: what leads to the file leads to a directory of that name. That is one step for whoever
/// looks, the sink included, since the kit breaks and heals while it writes. The sink looks once a second, so its clock is moved past that second.
/// </summary>
internal sealed partial class FileSinkSpecification : SinkSpecification<FileSink, LogEvent>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private TimeSpan _ahead;

    public override VerificationSettings Settings => TestSettings.Brief;

    // What DispatchAsync has returned for, the operating system has.
    public override SinkCapabilities Capabilities => base.Capabilities | SinkCapabilities.WriteThrough;

    public FileSinkSpecification()
    {
        Directory.CreateDirectory(_folder.File("good"));
        Directory.CreateDirectory(_folder.File("bad/app.json"));
        LeadTo("good");
    }

    private string FilePath => _folder.File("current/app.json");

    private string RealPath => _folder.File("good/app.json");

    public void Dispose() => _folder.Dispose();

    protected override FileSink CreateSink(SinkOptions options) => new(Config(options, FilePath));

    protected override FileSink CreateSinkThatCannotStart(SinkOptions options)
    {
        string file = _folder.File("no-folder");
        File.WriteAllText(file, "");
        return new FileSink(Config(options, Path.Combine(file, "app.json")));
    }

    protected override LogEvent CreateEvent(SinkEventId id) => new()
    {
        Level = LogEventLevel.Warning,
        Name = id.ToString(),
        Timestamp = FileSinks.Noon.AddSeconds(id.Number),
        Message = $"a \"line\"\nof event {id.Number} – naïve, 日本, 😀",
        Payload = new Dictionary<string, object?>(StringComparer.Ordinal) { ["number"] = id.Number, ["half"] = id.Number / 2.0, ["none"] = null },
    };

    protected override object ExpectedContent(LogEvent item) =>
        new FileContent(item.Level.ToString(), item.Timestamp, item.Message, (int)item.Payload["number"]!, (double)item.Payload["half"]!);

    protected override IEnumerable<ReceivedEvent> ReadBack(FileSink sink)
    {
        if (!File.Exists(RealPath))
            yield break;
        foreach (JsonElement line in TemporaryFolder.Events(RealPath))
        {
            JsonElement payload = line.GetProperty("payload");
            yield return new ReceivedEvent(
                SinkEventId.Find(line.GetProperty("name").GetString()!),
                new FileContent(
                    line.GetProperty("level").GetString()!,
                    line.GetProperty("timestamp").GetDateTimeOffset(),
                    line.GetProperty("message").GetString(),
                    payload.GetProperty("number").GetInt32(),
                    payload.GetProperty("half").GetDouble()));
        }
    }

    protected override void BreakBackend(FileSink sink)
    {
        LeadTo("bad");
        _ahead += TimeSpan.FromSeconds(2);
    }

    protected override void HealBackend(FileSink sink) => LeadTo("good");

    protected override void ResetBackend()
    {
        LeadTo("good");
        File.Delete(RealPath);
    }

    protected override IEnumerable<DescriptorCheck> Descriptors() =>
    [
        DescriptorCheck.Of<FileSink, FileSinkConfig>(
            () => new FileSinkConfig { Path = _folder.File("described.json") },
            conflicting: [() => new FileSinkConfig { Path = _folder.File("described.json"), Options = new SinkOptions { QueueMaxSize = 7 } }]),
    ];

    /// <summary>Puts another link in place of the link, in one step.</summary>
    private void LeadTo(string folder)
    {
        string link = _folder.File($"link-{Guid.NewGuid():N}");
        Directory.CreateSymbolicLink(link, _folder.File(folder));
        if (Rename(link, _folder.File("current")) != 0)
            throw new IOException($"rename: error {Marshal.GetLastPInvokeError()}");
    }

    // File.Move and Directory.Move put nothing in the place of a link to a directory.
    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Rename(string from, string to);

    private FileSinkConfig Config(SinkOptions options, string path) => new()
    {
        Path = path,
        Options = options with { TimeProvider = new FastClock(this, options.TimeProvider) },
    };

    private sealed record FileContent(string Level, DateTimeOffset Timestamp, string? Message, int Number, double Half);

    /// <summary>The kit's clock, ahead by what the specification says.</summary>
    private sealed class FastClock(FileSinkSpecification specification, TimeProvider clock) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow() + specification._ahead;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
    }
}
