using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Mvx.Sink.Benchmarks.Report;

namespace Mvx.Sink.Benchmarks.Micro;

/// <summary>Runs the BenchmarkDotNet part, in this process like everything else here.</summary>
internal static class MicroRun
{
    public static int Run(string[] args)
    {
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(12).WithIterationCount(25);
        ManualConfig config = ManualConfig.Create(DefaultConfig.Instance).AddJob(job).WithArtifactsPath(Path.Combine(Artifacts.Folder, "bdn"));
        return BenchmarkRunner.Run<CallCosts>(config, args).HasCriticalValidationErrors ? 1 : 0;
    }
}
