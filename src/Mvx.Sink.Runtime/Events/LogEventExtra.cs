namespace Mvx.Sink.Runtime;

/// <summary>
/// What few events have; an event made by a logger has none of it, and is that much smaller. Written only while its event is being initialised, to which alone it belongs.
/// </summary>
internal sealed class LogEventExtra
{
    public string? Type { get; set; }

    public string? Outcome { get; set; }

    public string? EntityId { get; set; }

    public Exception? Exception { get; set; }

    public string? SourcePath { get; set; }

    public int SourceLine { get; set; }

    public string? SourceMember { get; set; }

    public LogEventExtra Copy() => (LogEventExtra)MemberwiseClone();
}
