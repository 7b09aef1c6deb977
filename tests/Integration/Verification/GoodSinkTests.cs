using Mvx.Sink.Integration.Support;
using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Integration.Verification.FaultySinks;
using Mvx.Sink.Integration.Verification.GoodSinks;
using Mvx.Sink.Verification;
using Xunit.Abstractions;

namespace Mvx.Sink.Integration.Verification;

/// <summary>No rule fails on a sink that behaves, however unusual it is.</summary>
[Collection(ProcessWideCollection.Name)]
public sealed class GoodSinkTests(ITestOutputHelper output)
{
    [Fact]
    public void A_plain_sink_passes()
    {
        SinkVerificationReport report = Demand(new BackendSpecification<BackendSink>(static (options, backend) => new BackendSink(options, backend)) { Extra = SinkCapabilities.WriteThrough }, VerificationSettings.Quick);
        Assert.True(report.Passed.Count > 35);
    }

    [Fact]
    public void A_sink_that_waits_for_room_passes_when_it_says_so()
    {
        static BackendSpecification<WaitingSink> Waiting(SinkCapabilities extra) =>
            new(static (options, backend) => new WaitingSink(options, backend)) { Extra = extra };
        Demand(Waiting(SinkCapabilities.WaitsForRoom));
        SinkVerificationException undeclared = Assert.Throws<SinkVerificationException>(() => Waiting(SinkCapabilities.None).Check("K20"));
        Assert.EndsWith("declare WaitsForRoom.", undeclared.Report["K20"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_slow_sink_passes() => Demand(Backend(static (options, backend) => new SlowSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_very_slow_sink_passes() => Demand(Backend(static (options, backend) => new VerySlowSink(options, backend)), VerificationSettings.Quick);

    [Fact, Trait("Category", "Slow")]
    public void A_mostly_asynchronous_sink_passes() => Demand(Backend(static (options, backend) => new MostlyAsynchronousSink(options, backend)));

    [Fact]
    public void A_sink_with_batches_of_its_own_passes() => Demand(Backend(static (options, backend) => new OwnBatchingSink(options, backend)));

    [Fact]
    public void A_sink_with_a_thread_of_its_own_passes() => Demand(Backend(static (options, backend) => new OwnThreadSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_sink_that_saves_the_undelivered_passes() => Demand(Backend(static (options, backend) => new SavesTheUndelivered(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_retrying_sink_passes() => Demand(Backend(static (options, backend) => new RetryingSink(options, backend)));

    [Fact]
    public void A_sink_that_buffers_in_Log_passes() => Demand(new BuffersInLogSpecification());

    [Fact, Trait("Category", "Slow")]
    public void A_sink_of_struct_events_passes() => Demand(new StructSpecification());

    [Fact, Trait("Category", "Slow")]
    public void A_described_sink_passes() => Demand(new DescribedSpecification<DescribesItself>());

    [Fact]
    public async Task An_HTTP_sink_with_a_kept_connection_passes()
    {
        await using HttpServer server = await HttpServer.StartAsync();
        await Task.Factory.StartNew(() => Demand(new HttpSpecification(server)), TaskCreationOptions.LongRunning);
    }

    [Fact]
    public void The_file_sink_passes()
    {
        using var specification = new FileSinkSpecification();
        SinkVerificationReport report = Demand(specification);
        Assert.All(["K13", "K16", "K30", "K34", "K36", "K73"], rule => Assert.Equal(RuleVerdict.Passed, report[rule].Verdict));
    }

    [Fact]
    public void A_sink_that_reports_its_batches_passes() => Demand(Backend(static (options, backend) => new ReportingBatchSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_sink_that_writes_whole_batches_passes() => Demand(Backend(static (options, backend) => new WholeBatchSink(options, backend)));

    [Fact]
    public void A_sink_that_waits_for_its_own_thread_passes() => Demand(Backend(static (options, backend) => new AwaitedThreadSink(options, backend)));

    [Fact]
    public void A_sink_that_opens_its_backend_late_passes() => Demand(Backend(static (options, backend) => new LazySink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_sink_with_pooled_buffers_passes() => Demand(Backend(static (options, backend) => new PooledSink(options, backend)));

    [Fact]
    public void A_sink_that_never_comes_back_to_its_loop_passes() => Demand(Backend(static (options, backend) => new NeverOnTheLoopSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_sink_that_commits_in_groups_passes() => Demand(Backend(static (options, backend) => new GroupCommitSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_sink_that_is_slow_to_start_passes() => Demand(Backend(static (options, backend) => new SlowToStartSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_sink_with_a_dropping_queue_of_its_own_passes() => Demand(Backend(static (options, backend) => new DroppingSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_sink_with_a_second_backend_passes() => Demand(new FallingBackSpecification());

    [Fact, Trait("Category", "Slow")]
    public void A_sink_that_can_be_started_only_once_passes() => Demand(new OnceOnlySpecification());

    [Fact, Trait("Category", "Slow")]
    public void A_sink_that_gives_a_stuck_write_up_passes() => Demand(Backend(static (options, backend) => new ImpatientSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public async Task An_HTTP_sink_with_a_shared_client_passes()
    {
        await using HttpServer server = await HttpServer.StartAsync();
        await Task.Factory.StartNew(() => Demand(new SharedClientSpecification(server)), TaskCreationOptions.LongRunning);
    }

    [Fact, Trait("Category", "Slow")]
    public void A_sink_that_describes_a_configuration_with_parts_passes()
    {
        using var specification = new DeeplyDescribedSpecification<DescribesDeeply>();
        Demand(specification);
    }

    [Fact]
    public void A_sink_that_watches_its_writes_passes() => Demand(Backend(static (options, backend) => new WatchingSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_sink_whose_flush_throws_on_a_broken_backend_passes() => Demand(Backend(static (options, backend) => new ThrowingFlushSink(options, backend)));

    [Fact, Trait("Category", "Slow")]
    public void A_sink_that_beats_passes() => Demand(Backend(static (options, backend) => new BeatingSink(options, backend)));

    private static BackendSpecification<TSink> Backend<TSink>(Func<SinkOptions, MemoryBackend, TSink> create)
        where TSink : class, ISinkLifecycle => new(create);

    private SinkVerificationReport Demand<TSink, TEvent>(SinkSpecification<TSink, TEvent> specification, VerificationSettings? settings = null)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        SinkVerificationReport report = specification.Verify(settings ?? (specification.Settings == TestSettings.Thorough ? TestSettings.Brief : specification.Settings));
        output.WriteLine(report.ToString());
        return report.ThrowIfFailed();
    }
}
