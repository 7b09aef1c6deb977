namespace Mvx.Sink.Files.Json;

/// <summary>A value has thrown when a part of it was written already, which the writer cannot take back: what is around it must not go on.</summary>
internal sealed class HalfWrittenException(Exception cause) : Exception(cause.Message, cause);
