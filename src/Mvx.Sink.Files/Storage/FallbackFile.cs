using Mvx.Sink.Files.Json;

namespace Mvx.Sink.Files.Storage;

/// <summary>The second file, opened only when the first one fails.</summary>
internal static class FallbackFile
{
    /// <exception cref="FileSinkException">Not all events could be written; the message says how many were.</exception>
    public static void Append(string path, IReadOnlyList<LogEvent> events)
    {
        int written = 0;
        try
        {
            var writer = new LineWriter();
            writer.Open(new FileSinkConfig { Path = path });
            try
            {
                writer.Write([.. events], ref written);
            }
            finally
            {
                writer.Close();
            }
        }
        catch (Exception error)
        {
            throw new FileSinkException(path, $"FallbackPath \"{path}\" took {written} of {events.Count} undelivered events: {error.Message}", error);
        }
    }
}
