using System.Diagnostics;

namespace Mvx.Sink.Integration.Support;

/// <summary>A built sample, run as a process of its own.</summary>
internal sealed class SampleProcess : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<string> _lines = [];

    private SampleProcess(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public int ExitCode => _process.ExitCode;

    public bool HasExited => _process.HasExited;

    public string Output => string.Join('\n', _lines);

    public string Errors => _errors.GetAwaiter().GetResult();

    public StreamWriter Input => _process.StandardInput;

    public static SampleProcess Start(string sample, params string[] arguments) => new(Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, $"{sample}.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    /// <summary>Starts it with a terminal as its standard output.</summary>
    public static SampleProcess StartOn(string terminal, string sample, params string[] arguments) => new(Process.Start(
        new ProcessStartInfo("sh", ["-c", "exec \"$@\" >\"$0\"", terminal, "dotnet", Path.Combine(AppContext.BaseDirectory, $"{sample}.dll"), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);

    public static async Task<SampleProcess> RunAsync(string sample, params string[] arguments)
    {
        SampleProcess process = Start(sample, arguments);
        process.Input.Close();
        await process.WaitForExitAsync();
        return process;
    }

    /// <summary>Reads what it prints until a line has the text.</summary>
    public async Task WaitForAsync(string text)
    {
        using var patience = new CancellationTokenSource(_patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            _lines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        Assert.Fail($"It ended without printing \"{text}\". It printed:\n{Output}\n{Errors}");
    }

    public async Task WaitForExitAsync()
    {
        using var patience = new CancellationTokenSource(_patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            _lines.Add(line);
        await _process.WaitForExitAsync(patience.Token);
    }

    public void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
