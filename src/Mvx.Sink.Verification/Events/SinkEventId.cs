using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Mvx.Sink.Verification;

/// <summary>
/// Which event of a verification this is: the producer that logged it and its number there, counted from 0. Its text, for instance <c>p12n7</c>, can be put
/// into any event and found again in whatever the backend stores. Producers are unique within the process, so events of two runs are never mixed up.
/// </summary>
/// <param name="Producer">The producer.</param>
/// <param name="Number">The producer's own count, from 0.</param>
public readonly partial record struct SinkEventId(int Producer, int Number)
{
    /// <summary>Finds the first id in a text.</summary>
    /// <param name="text">What the backend stored, for instance a line of JSON.</param>
    /// <returns>The id.</returns>
    /// <exception cref="FormatException">There is none.</exception>
    public static SinkEventId Find(string text) => TryFind(text, out SinkEventId id)
        ? id
        : throw new FormatException($"There is no event id such as p12n7 in \"{text}\". Put the id that CreateEvent is given into the event.");

    /// <summary>Finds the first id in a text.</summary>
    /// <param name="text">What the backend stored; may be null.</param>
    /// <param name="id">The id, or the default.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryFind([NotNullWhen(true)] string? text, out SinkEventId id)
    {
        Match match = Pattern().Match(text ?? "");
        if (match.Success && int.TryParse(match.Groups["producer"].ValueSpan, out int producer) && int.TryParse(match.Groups["number"].ValueSpan, out int number))
        {
            id = new SinkEventId(producer, number);
            return true;
        }

        id = default;
        return false;
    }

    /// <summary>The text that <see cref="Find"/> finds.</summary>
    /// <returns>For instance <c>p12n7</c>.</returns>
    public override string ToString() => $"p{Producer}n{Number}";

    [GeneratedRegex(@"(?<![A-Za-z0-9])p(?<producer>\d{1,9})n(?<number>\d{1,9})(?![A-Za-z0-9])", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Pattern();
}
