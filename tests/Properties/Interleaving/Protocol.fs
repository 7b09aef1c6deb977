namespace Mvx.Sink.Properties.Interleaving

/// How a caller uses the admission decision. Only the first is right; the others show that the check sees what is wrong.
type Protocol =
    /// Read the gate, decide with the figure at hand; if that says full, read a fresh figure after it; swap if the gate is still the same.
    | Faithful
    /// Believes an old figure that says full.
    | BelievesAnOldFigure
    /// Asks again with a figure that was read before the gate it is held against.
    | ReadsTheFigureFirst
    /// Stores the next gate without comparing.
    | StoresBlindly
