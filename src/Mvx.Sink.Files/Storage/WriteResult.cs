namespace Mvx.Sink.Files.Storage;

/// <summary>How far a write of lines got.</summary>
/// <param name="Lines">How many whole lines the operating system has taken.</param>
/// <param name="Error">Why not all of them, or null.</param>
internal readonly record struct WriteResult(int Lines, Exception? Error);
