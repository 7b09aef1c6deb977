namespace Mvx.Sink.Runtime;

/// <summary>How much a loop found to do in one turn.</summary>
internal enum TurnResult
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Something, and all of it is done.</summary>
    Some,

    /// <summary>More than one turn may do.</summary>
    Plenty,
}
