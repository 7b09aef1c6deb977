using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>
/// The least levels of one sink, by category, chosen as the logger factory chooses: of all patterns that fit, the longest counts; one <c>*</c> stands for anything;
/// <c>Default</c> fits all.
/// </summary>
internal sealed class CategoryFilter(LogLevel minimum, IEnumerable<KeyValuePair<string, LogLevel>> levels)
{
    private readonly KeyValuePair<string, LogLevel>[] _levels = [.. levels];

    /// <summary>From which level on a category's entries are logged.</summary>
    public LogLevel LevelOf(string category)
    {
        LogLevel level = LogLevel.Trace;
        int longest = -1;
        foreach ((string pattern, LogLevel candidate) in _levels)
        {
            int length = pattern.Equals("Default", StringComparison.OrdinalIgnoreCase) ? 0 : Fits(pattern, category) ? pattern.Length : -1;
            if (length > longest)
                (longest, level) = (length, candidate);
        }

        return level > minimum ? level : minimum;
    }

    private static bool Fits(string pattern, string category)
    {
        int star = pattern.IndexOf('*', StringComparison.Ordinal);
        ReadOnlySpan<char> prefix = star < 0 ? pattern : pattern.AsSpan(0, star);
        ReadOnlySpan<char> suffix = star < 0 ? default : pattern.AsSpan(star + 1);
        return category.Length >= prefix.Length + suffix.Length
            && category.AsSpan().StartsWith(prefix, StringComparison.OrdinalIgnoreCase)
            && category.AsSpan().EndsWith(suffix, StringComparison.OrdinalIgnoreCase);
    }
}
