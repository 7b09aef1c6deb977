namespace Mvx.Sink.Extensions.Logging;

/// <summary>Remembers among the services that a sink has its provider.</summary>
internal sealed record LoggedSink(string Name);
