using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.ExtensionsHosting;

/// <summary>The sample application as a process of its own, under load on loopback, killed by SIGTERM in the middle of it.</summary>
public sealed class ShutdownUnderLoadTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("mvx-sink-shutdown-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(100_000)]
    [InlineData(2)]
    public async Task Every_answered_requests_event_is_in_the_file_or_in_the_ledgers_loss(int queueMaxSize)
    {
        if (OperatingSystem.IsWindows())
            return; // there is no SIGTERM to send
        using Process application = Start(queueMaxSize);
        try
        {
            var answered = new ConcurrentDictionary<string, byte>();
            Uri address = await ListeningAsync(application).Within();
            using var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address };
            var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Task[] clients = [.. Enumerable.Range(0, 8).Select(c => AskUntilItEndsAsync(client, c, answered, enough))];
            await enough.Task.Within();
            using (Process kill = Process.Start("kill", ["-TERM", application.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync().Within();
            await Task.WhenAll(clients).Within();
            await application.WaitForExitAsync().Within();
            Assert.Equal(0, application.ExitCode);

            HashSet<string> written = [.. File.ReadLines(FileOf("audit.jsonl")).Select(MessageOf)];
            long[] ledger = [.. (await File.ReadAllTextAsync(FileOf("ledger.txt"))).Split(' ').Select(long.Parse)];
            (long accepted, long dropped, long rejected, long delivered, long failed, long undelivered) = (ledger[0], ledger[1], ledger[2], ledger[3], ledger[4], ledger[5]);
            long loss = dropped + rejected + failed + undelivered;
            int missing = answered.Keys.Count(id => !written.Contains($"Order {id} answered"));
            Assert.True(missing <= loss, $"{missing} of {answered.Count} answered requests are missing, and the ledger knows of {loss} lost events.");
            Assert.Equal(accepted, delivered + failed + undelivered);
            if (queueMaxSize > 1_000)
                Assert.Equal(0, missing);
        }
        finally
        {
            if (!application.HasExited)
                application.Kill();
        }
    }

    private static string MessageOf(string line) => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString()!;

    private static async Task AskUntilItEndsAsync(HttpClient client, int number, ConcurrentDictionary<string, byte> answered, TaskCompletionSource enough)
    {
        for (int i = 0; ; i++)
        {
            string id = $"{number}-{i}";
            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri($"/orders/{id}", UriKind.Relative));
                if (response.IsSuccessStatusCode && await response.Content.ReadAsStringAsync() == id && answered.TryAdd(id, 0) && answered.Count >= 2_000)
                    enough.TrySetResult();
            }
            catch (HttpRequestException)
            {
                return; // the application has gone
            }
        }
    }

    private static async Task<Uri> ListeningAsync(Process application)
    {
        const string mark = "Now listening on: ";
        while (await application.StandardOutput.ReadLineAsync() is { } line)
        {
            int at = line.IndexOf(mark, StringComparison.Ordinal);
            if (at < 0)
                continue;
            _ = application.StandardOutput.ReadToEndAsync(); // so that the application never waits for its reader
            return new Uri(line[(at + mark.Length)..].Trim());
        }

        throw new InvalidOperationException($"The application ended before it listened: {await application.StandardError.ReadToEndAsync()}");
    }

    private string FileOf(string name) => Path.Combine(_folder, name);

    private Process Start(int queueMaxSize)
    {
        string configuration = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal) ? "Release" : "Debug";
        string folder = Repository.PathOf($"samples/AspNetCore/bin/{configuration}/net10.0");
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            Path.Combine(folder, "Mvx.Sink.Samples.AspNetCore.dll"),
            "--urls", "http://127.0.0.1:0",
            "--MvxSinks:audit:Path", FileOf("audit.jsonl"),
            "--MvxSinks:audit:Options:QueueMaxSize", queueMaxSize.ToString(CultureInfo.InvariantCulture),
            "--LedgerPath", FileOf("ledger.txt"),
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime", "Information",
        ];
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
