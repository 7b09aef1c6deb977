namespace Mvx.Sink.Benchmarks.Charts;

/// <summary>How a mark is drawn.</summary>
internal enum MarkKind
{
    /// <summary>A bar from zero.</summary>
    Bar,

    /// <summary>A filled dot.</summary>
    Dot,

    /// <summary>An open dot, for a second figure of the same row.</summary>
    Ring,

    /// <summary>A tick across the line, for a third.</summary>
    Tick,
}
