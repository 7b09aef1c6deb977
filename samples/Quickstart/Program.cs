namespace Mvx.Sink.Quickstart;

/// <summary>Sends each line of a log through a FileSink and says what became of it.</summary>
internal static class Program
{
    private const int Ok = 0;
    private const int SinkFailed = 1;
    private const int BadInput = 2;

    public static async Task<int> Main(string[] args)
    {
        using var stop = new StopSignals();
        try
        {
            if (Arguments.Parse(args, Terminal.IsInteractive) is { } arguments)
                return await RunAsync(arguments, stop.Token);
            Console.WriteLine(Arguments.Usage);
            return Ok;
        }
        catch (InputException error)
        {
            await Console.Error.WriteLineAsync($"quickstart: {error.Message}");
            return BadInput;
        }
        catch (Exception error) when (error is SinkCreationException or SinkCloseException)
        {
            await Console.Error.WriteLineAsync($"quickstart: {error.Message}");
            return SinkFailed;
        }
    }

    private static async Task<int> RunAsync(Arguments arguments, CancellationToken stop)
    {
        using LineSource source = LineSource.Open(arguments);
        Console.WriteLine(arguments.Follow
            ? $"Reading  {source.Name}, and following what is added to it: Ctrl-C ends it"
            : $"Reading  {source.Name} to its end{(arguments.Input == "-" ? "" : "; --follow goes on with what is added to it")}");

        // One registry holds the sinks of an application by name; leaving this scope flushes and stops them all.
        await using var registry = new SinkRegistry();
        var config = new FileSinkConfig
        {
            Path = arguments.Output,
            MaxFileSize = 64 * 1024 * 1024,
            Options = new SinkOptions { Namespace = "quickstart" },
        };

        // registry.Configure<FileSink, FileSinkConfig>("quickstart", config) gives a sink that is running. This one is watched from its construction on.
        var transitions = new TransitionPrinter();
        FileSink sink = registry.Configure("quickstart", FileSink.BuildDescriptor(config), () => SinkRuntime.Create(() => transitions.Watch(new FileSink(config))));
        using (var progress = new ProgressBar(source))
            await LinePump.RunAsync(source, sink, stop);

        if (stop.IsCancellationRequested)
            Console.WriteLine("Stopping at your request: what was accepted is flushed.");
        registry.Close("quickstart"); // throws what the sink could not write at the end
        await transitions.Completion;
        Report(source, sink);
        return sink.State == SinkState.Failure ? Fail(sink) : Ok;
    }

    private static void Report(LineSource source, FileSink sink)
    {
        SinkLedger ledger = sink.Ledger;
        Console.WriteLine($"Read     {source.LinesRead} lines");
        Console.WriteLine($"Ledger   {ledger.Accepted} accepted = {ledger.Delivered} delivered + {ledger.Failed} failed + {ledger.Undelivered} undelivered + {ledger.Pending} pending");
        if (ledger.Rejected > 0)
            Console.WriteLine($"         {ledger.Rejected} offers met a full queue and were made again");
        if (source.LinesRead > ledger.Accepted)
            Console.WriteLine($"         {source.LinesRead - ledger.Accepted} read, but not accepted any more");
        string folder = Path.GetDirectoryName(sink.Path)!;
        string rolled = $"{Path.GetFileNameWithoutExtension(sink.Path)}.????-??-??.*{Path.GetExtension(sink.Path)}";
        int files = Directory.Exists(folder) ? Directory.EnumerateFiles(folder, rolled).Count() : 0;
        Console.WriteLine($"File     {sink.Path}");
        if (files > 0)
            Console.WriteLine($"         and {files} full ones before it in {folder}: none is deleted");
    }

    private static int Fail(FileSink sink)
    {
        Console.Error.WriteLine($"quickstart: {sink.LastError?.Message}");
        return SinkFailed;
    }
}
