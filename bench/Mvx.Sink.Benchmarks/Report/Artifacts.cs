using Mvx.Sink.Benchmarks.Charts;
using Mvx.Sink.Benchmarks.Measuring;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>Writes what a run leaves behind.</summary>
internal static class Artifacts
{
    private const string Json = "results.json";
    private const string Markdown = "results.md";

    public static string Folder => Path.Combine(RepositoryRoot(), "artifacts", "bench");

    /// <summary>Makes the folder, before anything is measured that could not be written there.</summary>
    /// <exception cref="ArgumentException">It cannot be made or written to; the message says why.</exception>
    public static void Prepare(BenchOptions options)
    {
        string folder = options.Out ?? Folder;
        try
        {
            Directory.CreateDirectory(folder);
            foreach (string name in new[] { Json, Markdown })
                ThrowIfNotWritable(Path.Combine(folder, name));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"The results cannot be written to \"{folder}\": {error.Message} Name another folder with --out.", error);
        }
    }

    public static string Write(FigureBook book, BenchOptions options, Machine machine)
    {
        string folder = options.Out ?? Folder;
        File.WriteAllText(Path.Combine(folder, Json), JsonReport.Write(book, options, machine));
        File.WriteAllText(Path.Combine(folder, Markdown), MarkdownReport.Write(book, options, machine));
        foreach ((string file, string svg) in ChartCatalog.Render(book))
            File.WriteAllText(Path.Combine(folder, file), svg);
        return Path.GetRelativePath(Environment.CurrentDirectory, folder);
    }

    /// <summary>Leaves what is there as it is, and nothing where nothing was.</summary>
    private static void ThrowIfNotWritable(string file)
    {
        bool isNew = !File.Exists(file);
        File.Open(file, FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        if (isNew)
            File.Delete(file);
    }

    /// <summary>The folder above the program that holds the solution; else the current one.</summary>
    private static string RepositoryRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Mvx.Sink.sln")))
                return folder.FullName;
        }

        return Environment.CurrentDirectory;
    }
}
