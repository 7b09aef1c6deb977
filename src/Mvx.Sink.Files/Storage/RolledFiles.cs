using System.Globalization;

namespace Mvx.Sink.Files.Storage;

/// <summary>The names of the files that a log has been rolled to: <c>app.2026-01-31.0001.json</c> beside <c>app.json</c>.</summary>
internal sealed class RolledFiles(string path)
{
    private const string DayFormat = "yyyy-MM-dd";

    private readonly string _folder = Path.GetDirectoryName(path)!;
    private readonly string _stem = Path.GetFileNameWithoutExtension(path);
    private readonly string _extension = Path.GetExtension(path);

    /// <summary>The name for the next file of a day. It does not exist.</summary>
    public string Next(DateOnly day)
    {
        int number = All().Where(file => file.Day == day).Select(static file => file.Number).DefaultIfEmpty(0).Max();
        while (true)
        {
            number++;
            string next = Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"{_stem}.{day:yyyy-MM-dd}.{number:0000}{_extension}"));
            if (!Path.Exists(next))
                return next;
        }
    }

    /// <summary>The rolled files, the oldest first. Nothing whose name is not exactly of that form.</summary>
    public IReadOnlyList<(string Path, DateOnly Day, int Number)> All() =>
    [
        .. Directory.EnumerateFiles(_folder)
            .Select(Parse)
            .Where(static file => file.Number > 0)
            .OrderBy(static file => file.Day)
            .ThenBy(static file => file.Number),
    ];

    private (string Path, DateOnly Day, int Number) Parse(string file)
    {
        ReadOnlySpan<char> name = Path.GetFileName(file.AsSpan());
        if (name.Length <= _stem.Length + _extension.Length
            || !name.StartsWith(_stem, StringComparison.Ordinal)
            || !name.EndsWith(_extension, StringComparison.Ordinal))
        {
            return default;
        }

        // .yyyy-MM-dd.number
        ReadOnlySpan<char> middle = name[_stem.Length..^_extension.Length];
        return middle.Length >= 16
            && middle[0] == '.'
            && middle[11] == '.'
            && DateOnly.TryParseExact(middle[1..11], DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day)
            && int.TryParse(middle[12..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                ? (file, day, number)
                : default;
    }
}
