namespace Mvx.Sink.Runtime;

/// <summary>How long one event waited, and how long its dispatch took, as far as that is known.</summary>
internal readonly record struct DispatchTiming(TimeSpan? Queueing, TimeSpan? Dispatch);
