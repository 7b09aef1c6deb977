using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Mvx.Sink.Extensions.Hosting;
using Mvx.Sink.Files;
using Mvx.Sink.Integration.Overflow;
using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Guides;

/// <summary>docs/guide/shutdown-and-loss.md: its snippets run, and what it says holds.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class ShutdownGuide
{
    private const string Guide = "docs/guide/shutdown-and-loss.md";

    [Fact]
    public void A_program_looks_at_the_books_when_it_ends()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create(static sink => sink.Dispatching = static (_, _) => throw new IOException("disk full"));
        managed.Sink.Log("a");
        managed.Sink.UntilAtRest();

        string told = WithErrorOutput(() =>
        {
            // <end>
            try
            {
                managed.Terminate(); // or Dispose(), or await DisposeAsync()
            }
            catch (SinkException error)
            {
                Console.Error.WriteLine($"The stop failed: {error.Message}");
            }

            SinkLedger ledger = managed.Sink.Ledger;
            long lost = ledger.Dropped + ledger.Rejected + ledger.Failed + ledger.Undelivered;
            if (lost > 0 || managed.Sink.LastError is not null)
                Console.Error.WriteLine($"{lost} lost: {ledger}. {managed.Sink.LastError?.Message}");
            // </end>
        });

        Assert.StartsWith("1 lost: offered 1, accepted 1, ", told, StringComparison.Ordinal);
        Assert.Contains("disk full", told, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stop_that_fails_is_thrown_by_Terminate()
    {
        ManagedSink<ScriptedSink> managed = HostedSink.Create(static sink => sink.Stopped = static _ => throw new IOException("disk full"));
        Assert.Throws<OnStoppedHookFailedException>(managed.Terminate);
        managed.Terminate();
    }

    [Fact]
    public async Task A_stop_over_its_budget_says_how_much_is_left()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(static sink => sink.Dispatching = static async (_, token) => await Task.Delay(Timeout.InfiniteTimeSpan, token));
        ScriptedSink sink = managed.Sink;
        for (int i = 0; i < 4; i++)
            sink.Log($"{i}");
        TimeSpan budget = TimeSpan.Zero;
        string told = "";
        void Warn(string text) => told = text;

        // <budget>
        SinkOperationResult stopped = await sink.Stop(budget);
        if (stopped.Error is StopBudgetSpentException)
            Warn($"{sink.Ledger.Undelivered} events were handed over.");
        // </budget>

        Assert.Equal($"{sink.HandedOver.Count} events were handed over.", told);
        Assert.Equal((4, 0), (sink.Ledger.Failed + sink.Ledger.Undelivered, sink.Ledger.Pending));
    }

    [Fact]
    public async Task A_flush_is_a_checkpoint()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create();
        ScriptedSink sink = managed.Sink;
        long position = 3;
        long committed = 0;
        void Commit(long upTo) => committed = upTo;
        CancellationToken cancellationToken = CancellationToken.None;
        sink.Log("a");

        // <flush>
        FlushReport report = await sink.FlushAsync(cancellationToken);
        if (report.AllDelivered)
            Commit(position);
        // </flush>

        Assert.Equal(3, committed);
        Assert.Equal(SinkState.Running, sink.State);
    }

    [Fact]
    public async Task A_flush_of_a_sink_that_fails_completes_and_says_so()
    {
        var dispatch = new Checkpoint();
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(sink => sink.Dispatching = async (_, token) =>
        {
            await dispatch.PassAsync(token);
            throw new IOException("disk full");
        });
        managed.Sink.Log("a");
        managed.Sink.Log("b");
        ValueTask<FlushReport> flush = managed.Sink.FlushAsync();
        dispatch.UntilReached();
        dispatch.Open();
        Assert.Equal(new FlushReport(Delivered: 0, Failed: 1, Undelivered: 1), await flush);
    }

    [Fact]
    public async Task Giving_up_a_flush_gives_up_nothing_else()
    {
        var dispatch = new Checkpoint();
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(sink => sink.Dispatching = async (_, token) => await dispatch.PassAsync(token));
        managed.Sink.Log("a");
        using var giveUp = new CancellationTokenSource();
        ValueTask<FlushReport> flush = managed.Sink.FlushAsync(giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await flush);
        dispatch.Open();
        Assert.True((await managed.Sink.FlushAsync()).AllDelivered);
    }

    [Fact]
    public void The_raising_policy_tells_the_caller_and_counts()
    {
        var dispatch = new Checkpoint();
        SinkOptions options = new() { QueueMaxSize = 2 };
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(sink => sink.Dispatching = async (_, token) => await dispatch.PassAsync(token), options);
        ScriptedSink sink = managed.Sink;
        sink.Log("1");
        sink.Log("2");
        string item = "3";
        string told = "";
        void Warn(string text) => told = text;

        // <raise>
        try
        {
            sink.Log(item);
        }
        catch (QueueOverflowException error)
        {
            Warn($"{error.Limit} events are pending; \"{item}\" was not taken.");
        }
        // </raise>

        Assert.Equal("2 events are pending; \"3\" was not taken.", told);
        Assert.Equal(LogOutcome.QueueFull, sink.TryLog("4"));
        Assert.Equal((2, 2), (sink.Ledger.Accepted, sink.Ledger.Rejected));
        dispatch.Open();
    }

    [Fact]
    public void The_dropping_policy_lets_the_caller_go_on_and_counts()
    {
        // <drop>
        var options = new SinkOptions { QueueMaxSize = 2, OverflowPolicy = QueueOverflowPolicy.Drop };
        // </drop>

        var dispatch = new Checkpoint();
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(sink => sink.Dispatching = async (_, token) => await dispatch.PassAsync(token), options);
        for (int i = 0; i < 5; i++)
            managed.Sink.Log($"{i}");
        Assert.Equal(LogOutcome.Dropped, managed.Sink.TryLog("5"));
        Assert.Equal((2, 4), (managed.Sink.Ledger.Accepted, managed.Sink.Ledger.Dropped));
        dispatch.Open();
    }

    [Fact]
    public void Important_events_have_places_of_their_own_and_the_backend_is_told_of_the_gap()
    {
        // <reserve>
        var options = new SinkOptions
        {
            QueueMaxSize = 4,
            OverflowPolicy = QueueOverflowPolicy.DropOldest,
            ReserveCount = 1,
            ReserveForLevel = LogEventLevel.Error,
            AnnounceLoss = true,
        };
        // </reserve>

        using var held = new HeldSink(options);
        for (int i = 1; i <= 5; i++)
            held.Sink.Log(HeldSink.Named($"{i}"));
        held.Sink.Log(HeldSink.Named("6", LogEventLevel.Error));
        Assert.Equal(["held", "3 events lost", "4", "5", "6"], held.ReleaseAndFlush());
        Assert.Equal(3, held.Sink.Ledger.Dropped);
    }

    [Fact]
    public void The_waiting_policy_gives_up_when_its_time_is_up()
    {
        // <wait>
        var options = new SinkOptions
        {
            OverflowPolicy = QueueOverflowPolicy.Wait,
            WaitTimeout = TimeSpan.FromMilliseconds(50),
        };
        // </wait>

        using var held = new HeldSink(options with { QueueMaxSize = 1 });
        Assert.Equal(LogOutcome.QueueFull, held.Sink.TryLog(HeldSink.Named("1")));
        Assert.Equal((1, 1), (held.Sink.Ledger.Accepted, held.Sink.Ledger.Rejected));
    }

    [Fact]
    public async Task A_producer_that_can_wait_loses_nothing_at_the_limit()
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(options: new SinkOptions { QueueMaxSize = 2 });
        ScriptedSink sink = managed.Sink;

        // <pressure>
        async Task<bool> SendAsync(string item)
        {
            LogOutcome outcome;
            while ((outcome = sink.TryLog(item)) == LogOutcome.QueueFull)
                await sink.FlushAsync();
            return outcome == LogOutcome.Accepted; // else the sink has ended
        }
        // </pressure>

        for (int i = 0; i < 100; i++)
            Assert.True(await SendAsync($"{i}"));
        await sink.Stop();
        Assert.False(await SendAsync("late"));
        Assert.Equal(Enumerable.Range(0, 100).Select(static i => $"{i}"), sink.Delivered);
    }

    [Fact]
    public async Task A_hosts_sinks_stop_within_its_shutdown_time()
    {
        string folder = Directory.CreateTempSubdirectory("mvx-sink-guide-").FullName;
        string path = Path.Combine(folder, "audit.jsonl");
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);

        // <host>
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(45));
        builder.Services.AddMvxSinks().AddSink<FileSink, FileSinkConfig>("audit", _ => new FileSinkConfig
        {
            Path = path,
            Options = new SinkOptions { StopBudget = TimeSpan.FromSeconds(40) },
        });
        // </host>

        using IHost host = builder.Build();
        await host.StartAsync().Within();
        FileSink audit = host.Services.GetRequiredService<MvxSinkHost>().Get<FileSink>("audit");
        audit.Log(LogEvent.Create(LogEventLevel.Information, "order.placed"));
        await host.StopAsync().Within();
        Assert.Equal(SinkState.Stopped, audit.State);
        Assert.Single(await File.ReadAllLinesAsync(path));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void The_thread_of_a_sink_does_not_keep_the_process_alive()
    {
        bool background = false;
        using (ManagedSink<ScriptedSink> managed = HostedSink.Create(sink => sink.Starting = _ =>
        {
            background = Thread.CurrentThread.IsBackground;
            return ValueTask.CompletedTask;
        }))
        {
            Assert.True(background);
        }
    }

    [Theory]
    [InlineData(SinkState.Virgin)]
    [InlineData(SinkState.Starting)]
    [InlineData(SinkState.Running)]
    [InlineData(SinkState.Stopping)]
    [InlineData(SinkState.Stopped)]
    [InlineData(SinkState.Failure)]
    [InlineData(SinkState.Cancelled)]
    public void What_a_caller_sees_in_each_state_is_what_the_guide_says(SinkState state)
    {
        string log = In(state, static sink => Record.Exception(() => sink.Log("x")) is { } error ? Name(error, sink) : "accepted");
        string start = In(state, sink => AnswerOf(sink, static sink => sink.Start()));
        string stop = In(state, sink => AnswerOf(sink, static sink => sink.Stop()));
        string flush = In(state, static sink => sink.FlushAsync().AsTask().IsCompleted ? "completes" : "waits");
        string row = string.Create(CultureInfo.InvariantCulture, $"| {state} | {log} | {start} | {stop} | {flush} |");
        Assert.Contains(row, Repository.Read(Guide).Split('\n'));
    }

    private static string AnswerOf(ScriptedSink sink, Func<ScriptedSink, SinkWaitHandle> ask)
    {
        SinkState before = sink.State;
        SinkWaitHandle handle = ask(sink);
        if (handle.Wait(TimeSpan.Zero, out SinkOperationResult result) && result.Error is InvalidSinkStateException refusal)
            return Name(refusal, sink);
        return before is SinkState.Starting or SinkState.Stopping ? "joins" : "begins";
    }

    private static string Name(Exception error, ScriptedSink sink) => error.InnerException is { } inner && ReferenceEquals(inner, sink.LastError)
        ? $"`{error.GetType().Name}` around `LastError`"
        : $"`{error.GetType().Name}`";

    /// <summary>Brings a sink into a state, with an event in dispatch where one can be, asks it something there, and lets it end.</summary>
    private static T In<T>(SinkState state, Func<ScriptedSink, T> ask)
    {
        var starting = new Checkpoint();
        var dispatch = new Checkpoint();
        using var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, script: sink =>
        {
            if (state == SinkState.Starting)
                sink.Starting = async token => await starting.PassAsync(token);
            sink.Dispatching = async (_, token) =>
            {
                await dispatch.PassAsync(token);
                if (state is SinkState.Failure or SinkState.Cancelled)
                    throw state == SinkState.Failure ? new IOException("disk full") : new OperationCanceledException("gone");
            };
        });
        if (state is not SinkState.Virgin)
            sink.Log("first");
        if (state is not (SinkState.Virgin or SinkState.Starting))
            dispatch.UntilReached();
        if (state == SinkState.Stopping)
            sink.Stop();
        if (state is SinkState.Stopped or SinkState.Failure or SinkState.Cancelled)
            dispatch.Open();
        if (state == SinkState.Stopped)
            sink.Stop().Succeeds();
        if (state is SinkState.Failure or SinkState.Cancelled)
            sink.UntilState(state);
        if (state is SinkState.Stopped or SinkState.Failure or SinkState.Cancelled)
            sink.UntilAtRest();
        Assert.Equal(state, sink.State);
        try
        {
            return ask(sink);
        }
        finally
        {
            starting.Open();
            dispatch.Open();
        }
    }

    private static string WithErrorOutput(Action action)
    {
        TextWriter before = Console.Error;
        using var output = new StringWriter();
        Console.SetError(output);
        try
        {
            action();
        }
        finally
        {
            Console.SetError(before);
        }

        return output.ToString();
    }
}
