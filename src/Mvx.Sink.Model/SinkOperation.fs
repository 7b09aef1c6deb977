namespace Mvx.Sink.Model

/// <summary>The two lifecycle operations a caller can ask for.</summary>
type SinkOperation =
    /// <summary>Start the sink.</summary>
    | Start = 0
    /// <summary>Flush and stop the sink.</summary>
    | Stop = 1
