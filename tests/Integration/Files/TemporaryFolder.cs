using System.Text.Json;

namespace Mvx.Sink.Integration.Files;

/// <summary>A folder for one test, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mvx-sink-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public IReadOnlyList<string> Names() => [.. Directory.EnumerateFileSystemEntries(Path).Select(static path => System.IO.Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static IReadOnlyList<JsonElement> Events(string path) => [.. System.IO.File.ReadAllLines(path).Select(static line => JsonDocument.Parse(line).RootElement)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
