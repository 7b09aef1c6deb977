using Mvx.Sink.Integration.Verification.Backends;
using Mvx.Sink.Integration.Verification.FaultySinks;
using Mvx.Sink.Verification;

namespace Mvx.Sink.Integration.Verification;

/// <summary>All deliberately faulty sinks, each with the rule that names its fault. Every rule of the kit is there.</summary>
internal static class FaultyCases
{
    public static IReadOnlyList<FaultyCase> All { get; } =
    [
        Case<LosesOneInAThousand>("K10", static (o, b) => new(o, b)),
        Case<DropsTheLastBatch>("K03", static (o, b) => new(o, b)),
        Case<LosesOnTimeout>("K51", static (o, b) => new(o, b)),
        Case<SharesAFieldInLog>("K15", static (o, b) => new(o, b)),
        Case<DuplicatesOnRetry>("K33", static (o, b) => new(o, b)),
        Case<RepeatsNowAndThen>("K11", static (o, b) => new(o, b)),
        Case<RewritesAfterAFailure>("K32", static (o, b) => new(o, b)),
        Case<SwapsTwo>("K12", static (o, b) => new(o, b)),
        Case<WritesSideBySide>("K12", static (o, b) => new(o, b)),
        Case<ReordersAcrossRestarts>("K06", static (o, b) => new(o, b)),
        Case<SwallowsTheException>("K30", static (o, b) => new(o, b)),
        Case<SwallowsInStop>("K30", static (o, b) => new(o, b)),
        Case<RetriesForEver>("K31", static (o, b) => new(o, b)),
        Case<HushesUpTheStart>("K34", static (o, b) => new(o, b), cannotStart: static (o, b) => { b.Break(); return new(o, b); }),
        Case<ThrowsAtTheUndelivered>("K37", static (o, b) => new(o, b)),
        Case<HangsInStop>("K02", static (o, b) => new(o, b)),
        Case<IgnoresCancellation>("K50", static (o, b) => new(o, b)),
        Case<BlocksInLog>("K20", static (o, b) => new(o, b)),
        Case<SharesALockWithLog>("K20", static (o, b) => new(o, b)),
        Case<HidesRefusals>("K21", static (o, b) => new(o, b)),
        Case<LeaksAThread>("K40", static (o, b) => new(o, b)),
        Case<LeaksAHandle>("K41", static (o, b) => new(o, b)),
        Case<LeaksASocket>("K42", static (o, b) => new(o, b)),
        Case<LeaksATimer>("K43", static (o, b) => new(o, b)),
        Case<LeaksFromItsConstructor>("K44", static (o, b) => new(o, b)),
        Case<HalfOpens>("K35", static (o, b) => new(o, b)),
        Case<KeepsTheBackendAfterAFailure>("K36", static (o, b) => new(o, b)),
        Case<CannotRestart>("K05", static (o, b) => new(o, b)),
        Case<FailsOnTheThirdStart>("K80", static (o, b) => new(o, b)),
        Case<ThrowsWhenDisposedTwice>("K08", static (o, b) => new(o, b)),
        Case<ThrowsInTerminate>("K07", static (o, b) => new(o, b)),
        Case<StartsItself>("K01", static (o, b) => new(o, b)),
        Case<DeliversAfterTheStop>("K04", static (o, b) => new(o, b)),
        Case<LiesAboutTheFlush>("K16", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<ContinuesOffTheLoop>("K60", static (o, b) => new(o, b)),
        new("CallsTheBackendOffTheLoop", "K60", static settings => rule => Run(new OffLoopSpecification(), settings, rule)),
        new("MutatesTheEvent", "K14", static settings => rule => Run(new MutableSpecification(), settings, rule)),
        Case<Truncates>("K13", static (o, b) => new(o, b)),
        Described<DescribesTheTime>("K70"),
        Described<DescribesTooLittle>("K71"),
        new("DescribesWithSideEffects", "K72", static settings => rule =>
            Run(new DescribedSpecification<DescribesWithSideEffects>(static () => DescribesWithSideEffects.Built), settings, rule)),
        Case<SwallowsTheOverflow>("K22", static (o, b) => new(o, b)),
        Case<RoundsItsLimitUp>("K22", static (o, b) => new(o, b)),
        Case<KeepsItsOwnBooks>("K23", static (o, b) => new(o, b)),
        Case<SilentWhenClosed>("K09", static (o, b) => new(o, b)),
        Case<LeaksWhenItFails>("K45", static (o, b) => new(o, b)),
        Described<CreatesOnlyOnce>("K73"),
        Case<ForgetsWhileItIsBeingStopped>("K81", static (o, b) => new(o, b)),
        Case<ForgetsWhileItIsBeingDisposed>("K81", static (o, b) => new(o, b)),
        Case<LosesWhatComesDuringTheStart>("K82", static (o, b) => new(o, b)),
        Case<DeadlocksAFlushDuringAStop>("K17", static (o, b) => new(o, b)),
        Case<ClosesAllOfItsKind>("K18", static (o, b) => new(o, b)),

        // Thought up without the rules, to judge the kit by.
        Case<LosesTheLastOnStop>("K03", static (o, b) => new(o, b)),
        Case<LosesTheFirstAfterARestart>("K05", static (o, b) => new(o, b)),
        Case<RepeatsAfterAFlush>("K11", static (o, b) => new(o, b)),
        Case<SwallowsItsCancellation>("K50", static (o, b) => new(o, b)),
        Case<WritesInAsyncVoid>("K04", static (o, b) => new(o, b)),
        Case<FiresAndForgets>("K04", static (o, b) => new(o, b)),
        Case<DoesNotJoinItsThread>("K04", static (o, b) => new(o, b)),
        Bare<FiresAndForgets>("K04", static (o, b) => new(o, b)),
        Bare<ClosesAllOfItsKind>("K18", static (o, b) => new(o, b)),
        Case<ReplaysAfterARestart>("K05", static (o, b) => new(o, b)),
        Case<LeaksWhenItsLoopIsTornDown>("K44", static (o, b) => new(o, b)),
        Case<LeaksATimerWhenItCannotStart>("K35", static (o, b) => new(o, b)),
        Case<LeaksAThreadWhenItCannotStart>("K35", static (o, b) => new(o, b)),
        Case<LeaksASocketWhenItCannotStart>("K35", static (o, b) => new(o, b)),
        Case<WaitsForRoom>("K20", static (o, b) => new(o, b)),
        Case<WaitsForItsStart>("K20", static (o, b) => new(o, b)),
        Case<ThrowsFromItsSecondStop>("K05", static (o, b) => new(o, b)),
        Case<BacksOffForEver>("K31", static (o, b) => new(o, b)),
        Case<GivesUpQuietly>("K30", static (o, b) => new(o, b)),
        Case<HidesItsFailure>("K31", static (o, b) => new(o, b)),
        Case<DropsTheRestOfABigBatch>("K10", static (o, b) => new(o, b)),
        Case<ReversesABigBatch>("K12", static (o, b) => new(o, b)),
        Case<DisposesWithoutAFlush>("K03", static (o, b) => new(o, b)),
        Case<IgnoresCancellationInItsStart>("K50", static (o, b) => new(o, b)),
        Case<IgnoresCancellationInItsStop>("K50", static (o, b) => new(o, b)),
        Case<ReportsBeforeItWrites>("K32", static (o, b) => new(o, b)),
        Case<RemembersWhatItRefused>("K21", static (o, b) => new(o, b)),
        Case<LiesInTryLog>("K10", static (o, b) => new(o, b)),
        Case<SharesAStaticField>("K18", static (o, b) => new(o, b)),
        new("GathersWithoutALock", "K15", static settings => rule => Run(new GatheringSpecification(), settings, rule)),
        new("BlackensInPlace", "K14", static settings => rule => Run(new SecretSpecification(), settings, rule)),
        new("WritesForPeople", "K13", static settings => rule => Run(new ReadingSpecification(), settings, rule)),
        new("DescribesWithoutCase", "K71", static settings => rule => Run(new PlainlyDescribedSpecification<DescribesWithoutCase>(), settings, rule)),
        new("DescribesRoughly", "K71", static settings => rule => Run(new PlainlyDescribedSpecification<DescribesRoughly>(), settings, rule)),
        new("DescribesForPeople", "K70", static settings => rule => Run(new PlainlyDescribedSpecification<DescribesForPeople>(), settings, rule)),

        // Unnoticed once.
        Case<CountsInAnObjectOffTheLoop>("K60", static (o, b) => new(o, b)),
        Case<CountsInAnArrayOffTheLoop>("K60", static (o, b) => new(o, b)),
        Case<CountsInATupleOffTheLoop>("K60", static (o, b) => new(o, b)),
        Case<ShedsWhenNearlyFull>("K23", static (o, b) => new(o, b)),
        Case<LeaksWhenItReconnects>("K45", static (o, b) => new(o, b)),
        Case<LeaksATimerWhenItFails>("K45", static (o, b) => new(o, b)),
        Case<LeaksASocketWhenItFails>("K45", static (o, b) => new(o, b)),
        Case<OpensInItsConstructor>("K44", static (o, b) => new(o, b)),
        Case<BeatsForEver>("K43", static (o, b) => new(o, b)),
        Case<ForgetsItsLastWrite>("K04", static (o, b) => new(o, b)),
        Case<IgnoresCancellationBetweenRetries>("K50", static (o, b) => new(o, b)),
        Case<ThrowsFromItsFlush>("K80", static (o, b) => new(o, b)),
        Deep<DescribesTheFileNameOnly>("K71"),
        Deep<DescribesTheCountOfAList>("K71"),
        Deep<DescribesTheKeysOfAMap>("K71"),
        Deep<DescribesHalfAPart>("K71"),
        Deep<DescribesAndMakesADirectory>("K72"),

        // Missed by the kit in a trial.
        Case<KeepsALockThatAFlushLeaves>("K17", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<KeepsWhatItFailedToWrite>("K33", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<RemembersItsErrorTooLong>("K33", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<RetriesWholeBatches>("K33", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<RetriesBothHalves>("K33", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<ReplaysFromTheStart>("K33", static (o, b) => new(o, b), SinkCapabilities.Batches),
        new("HandsOverBackwards", "K36", static settings => rule => Run(new SpoolingSpecification(), settings, rule)),
        Case<LosesOneAfterAnIdleTime>("K82", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<LimitsItsWholeLife>("K82", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<RepeatsSlowWrites>("K51", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<EachDisposeWritesTheRest>("K08", static (o, b) => new(o, b), SinkCapabilities.Batches),
        Case<MarksEachRestart>("K05", static (o, b) => new(o, b), SinkCapabilities.WriteThrough),
        Case<MarksEachRestart>("K06", static (o, b) => new(o, b), SinkCapabilities.WriteThrough) with { Name = "MarksEachRestart, in order" },
    ];

    private static FaultyCase Case<TSink>(
        string rule,
        Func<SinkOptions, MemoryBackend, TSink> create,
        SinkCapabilities extra = SinkCapabilities.None,
        Func<SinkOptions, MemoryBackend, TSink>? cannotStart = null)
        where TSink : class, ISinkLifecycle =>
        new(typeof(TSink).Name, rule, settings => asked => Run(
            cannotStart is null
                ? new BackendSpecification<TSink>(create) { Extra = extra }
                : new UnstartableSpecification<TSink>(create, cannotStart),
            settings,
            asked));

    /// <summary>By a specification that can only read back.</summary>
    private static FaultyCase Bare<TSink>(string rule, Func<SinkOptions, MemoryBackend, TSink> create)
        where TSink : class, ISinkLifecycle =>
        new(typeof(TSink).Name + ", barely specified", rule, settings => asked => Run(
            new BackendSpecification<TSink>(create)
            {
                Without = SinkCapabilities.Break | SinkCapabilities.Stall | SinkCapabilities.FailNextWrites | SinkCapabilities.FailWrites | SinkCapabilities.Neighbours,
            },
            settings,
            asked));

    private static FaultyCase Described<TSink>(string rule)
        where TSink : class, ISinkLifecycle, IDescribedSink<TSink, DescribedConfig> =>
        new(typeof(TSink).Name, rule, static settings => asked => Run(new DescribedSpecification<TSink>(), settings, asked));

    private static FaultyCase Deep<TSink>(string rule)
        where TSink : class, ISinkLifecycle, IDescribedSink<TSink, DeepConfig> =>
        new(typeof(TSink).Name, rule, static settings => asked =>
        {
            using var specification = new DeeplyDescribedSpecification<TSink>();
            return Run(specification, settings, asked);
        });

    private static SinkVerificationReport Run<TSink, TEvent>(SinkSpecification<TSink, TEvent> specification, VerificationSettings settings, string? rule)
        where TSink : class, ISinkLifecycle
        where TEvent : notnull
    {
        if (rule is null)
            return specification.Verify(settings);
        return specification.Verify(settings with { Exempt = KitRules.All.Where(other => other.Id != rule).ToDictionary(static other => other.Id, static _ => "not asked for") });
    }
}
