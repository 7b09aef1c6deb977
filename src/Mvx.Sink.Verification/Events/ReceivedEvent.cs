namespace Mvx.Sink.Verification;

/// <summary>One event as the backend has it.</summary>
/// <param name="Id">Which event it is.</param>
/// <param name="Content">
/// What arrived, to be compared with what was logged (see <c>ExpectedContent</c> of the specification); null: only the id is compared.
/// </param>
public readonly record struct ReceivedEvent(SinkEventId Id, object? Content = null)
{
    /// <summary>Finds the id in a text, for instance a line of a file. The text is not compared with anything.</summary>
    /// <param name="text">What the backend stored.</param>
    /// <returns>The event.</returns>
    /// <exception cref="FormatException">There is no id in it.</exception>
    public static ReceivedEvent Find(string text) => new(SinkEventId.Find(text));

    /// <summary>An event of which only the id is known.</summary>
    /// <param name="id">The id.</param>
    public static implicit operator ReceivedEvent(SinkEventId id) => new(id);

    /// <summary>An event of which only the id is known.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The event.</returns>
    public static ReceivedEvent FromSinkEventId(SinkEventId id) => new(id);
}
