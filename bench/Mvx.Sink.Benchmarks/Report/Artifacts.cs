using Mvx.Sink.Benchmarks.Charts;
using Mvx.Sink.Benchmarks.Measuring;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>Writes what a run leaves behind.</summary>
internal static class Artifacts
{
    public static string Folder => Path.Combine(RepositoryRoot(), "artifacts", "bench");

    public static string Write(FigureBook book, BenchOptions options, Machine machine)
    {
        string folder = options.Out ?? Folder;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "results.json"), JsonReport.Write(book, options, machine));
        File.WriteAllText(Path.Combine(folder, "results.md"), MarkdownReport.Write(book, options, machine));
        foreach ((string file, string svg) in ChartCatalog.Render(book))
            File.WriteAllText(Path.Combine(folder, file), svg);
        return Path.GetRelativePath(Environment.CurrentDirectory, folder);
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
