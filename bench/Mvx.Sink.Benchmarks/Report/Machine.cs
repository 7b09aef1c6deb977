using System.Runtime.InteropServices;

namespace Mvx.Sink.Benchmarks.Report;

/// <summary>What the figures were measured on.</summary>
internal sealed record Machine(string Processor, int Processors, string System, string Runtime)
{
    public static Machine This() => new(
        ProcessorName(),
        Environment.ProcessorCount,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription);

    public string Describe() => $"{Processor}, {Processors} logical processors; {System}; {Runtime}.";

    private static string ProcessorName()
    {
        const string Cpuinfo = "/proc/cpuinfo";
        if (!File.Exists(Cpuinfo))
            return RuntimeInformation.ProcessArchitecture.ToString();
        string? line = File.ReadLines(Cpuinfo).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal));
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
