using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Errors;

public sealed class SinkExceptionTests
{
    private static readonly Exception _cause = new IOException("the cause");

    public static TheoryData<string, SinkErrorReason, string, string> Codes => new()
    {
        { nameof(EventLoopUnavailableException), SinkErrorReason.EventLoopUnavailable, "EVENT_LOOP_UNAVAILABLE", "1" },
        { nameof(InvalidSinkStateException), SinkErrorReason.InvalidLogSinkState, "INVALID_LOG_SINK_STATE", "2" },
        { nameof(OnStartingHookFailedException), SinkErrorReason.OnStartingHookFailed, "ON_STARTING_HOOK_FAILED", "3" },
        { nameof(OnStoppedHookFailedException), SinkErrorReason.OnStoppedHookFailed, "ON_STOPPED_HOOK_FAILED", "4" },
        { nameof(QueueOverflowException), SinkErrorReason.QueueOverflow, "QUEUE_OVERFLOW", "5" },
        { nameof(DispatcherCancelledException), SinkErrorReason.DispatcherUnexpectedlyCancelled, "DISPATCHER_UNEXPECTEDLY_CANCELLED", "6" },
        { nameof(UnexpectedSinkException), SinkErrorReason.UnexpectedError, "UNEXPECTED_ERROR", "7" },
    };

    private static SinkException[] All =>
    [
        new EventLoopUnavailableException("there is no loop", _cause),
        new InvalidSinkStateException(SinkState.Failure, [SinkState.Virgin, SinkState.Stopped], _cause),
        new OnStartingHookFailedException(_cause),
        new OnStoppedHookFailedException(_cause),
        new QueueOverflowException(7),
        new DispatcherCancelledException(_cause),
        new UnexpectedSinkException(_cause),
    ];

    [Theory]
    [MemberData(nameof(Codes))]
    public void A2_Each_error_has_its_reason_its_stable_code_and_its_number(string type, SinkErrorReason reason, string code, string number)
    {
        SinkException error = All.Single(e => e.GetType().Name == type);
        Assert.Equal(reason, error.Reason);
        Assert.Equal(code, error.Code);
        Assert.Equal(number, ((int)error.Reason).ToString());
        Assert.NotNull(error.Details);
        Assert.True(error.GetType().IsSealed);
        Assert.Same(type == nameof(QueueOverflowException) ? null : _cause, error.InnerException);
    }

    [Fact]
    public void A2_Every_reason_has_an_error_type() =>
        Assert.Equal(Enum.GetValues<SinkErrorReason>(), All.Select(static e => e.Reason));

    [Fact]
    public void A2_An_invalid_state_error_tells_the_state_the_expected_ones_and_what_to_do()
    {
        SinkState[] expected = [SinkState.Virgin, SinkState.Stopped];
        var error = new InvalidSinkStateException(SinkState.Running, expected);
        expected[0] = SinkState.Failure;
        Assert.Equal(SinkState.Running, error.State);
        Assert.Equal([SinkState.Virgin, SinkState.Stopped], error.ExpectedStates);
        Assert.Equal("The sink is Running; this needs it to be Virgin or Stopped.", error.Message);
        Assert.Equal(SinkState.Running, error.Details["state"]);
        Assert.Equal([SinkState.Virgin, SinkState.Stopped], Assert.IsAssignableFrom<IReadOnlyList<SinkState>>(error.Details["expectedStates"]));
        Assert.Contains("create a new one", new InvalidSinkStateException(SinkState.Failure, []).Message, StringComparison.Ordinal);
        Assert.Contains("create a new one", new InvalidSinkStateException(SinkState.Cancelled, []).Message, StringComparison.Ordinal);
        Assert.Contains("Start()", new InvalidSinkStateException(SinkState.Stopped, []).Message, StringComparison.Ordinal);
        Assert.Equal("expectedStates", Assert.Throws<ArgumentNullException>(static () => new InvalidSinkStateException(SinkState.Running, null!)).ParamName);
    }

    [Fact]
    public void A3_An_overflow_error_tells_the_limit_and_the_three_ways_out()
    {
        var error = new QueueOverflowException(7);
        Assert.Equal(7, error.Limit);
        Assert.Equal(7, error.Details["limit"]);
        Assert.All(new[] { "7 ", "QueueMaxSize", "QueueOverflowPolicy.Drop", "TryLog" }, text => Assert.Contains(text, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void L5_Hook_errors_name_the_hook_and_repeat_the_cause()
    {
        Assert.Equal("OnStartingAsync failed, so the sink did not start: the cause", new OnStartingHookFailedException(_cause).Message);
        Assert.Contains("OnStoppedAsync failed", new OnStoppedHookFailedException(_cause).Message, StringComparison.Ordinal);
        Assert.Contains("the cause", new OnStoppedHookFailedException(_cause).Message, StringComparison.Ordinal);
        Assert.Contains("DispatchAsync failed: the cause", new UnexpectedSinkException(_cause).Message, StringComparison.Ordinal);
        Assert.Equal("cause", Assert.Throws<ArgumentNullException>(static () => new OnStartingHookFailedException(null!)).ParamName);
        Assert.Equal("cause", Assert.Throws<ArgumentNullException>(static () => new OnStoppedHookFailedException(null!)).ParamName);
        Assert.Equal("cause", Assert.Throws<ArgumentNullException>(static () => new UnexpectedSinkException(null!)).ParamName);
    }

    [Fact]
    public void L13_A_cancellation_error_says_whether_a_dispatch_or_the_loop_caused_it()
    {
        Assert.Contains("left DispatchAsync outside a stop: the cause", new DispatcherCancelledException(_cause).Message, StringComparison.Ordinal);
        Assert.Contains("loop was disposed", new DispatcherCancelledException().Message, StringComparison.Ordinal);
        Assert.Contains("Stop the sink before", new DispatcherCancelledException().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void L12_A_backend_can_throw_a_sink_error_of_its_own_with_details_that_are_copied()
    {
        var details = new Dictionary<string, object?> { ["path"] = "/x", ["code"] = 28 };
        var error = new SinkException(SinkErrorReason.UnexpectedError, "The disk is full.", details, _cause);
        details["path"] = "/y";
        details.Remove("code");
        Assert.Equal(("/x", 28), (error.Details["path"], error.Details["code"]));
        Assert.Equal("The disk is full.", error.Message);
        Assert.Same(_cause, error.InnerException);
        Assert.Empty(new SinkException(SinkErrorReason.UnexpectedError, "x").Details);
        Assert.Throws<NotSupportedException>(() => ((IDictionary<string, object?>)error.Details)["path"] = 1);
        Assert.Equal("NONE", new SinkException((SinkErrorReason)99, "x").Code);

        using ManagedSink<ScriptedSink> managed = HostedSink.Create(s => s.Dispatching = (_, _) => throw error);
        managed.Sink.Log("x");
        Patience.Until(() => managed.Sink.State == SinkState.Failure, "The sink fails");
        Assert.Same(error, managed.Sink.LastError);
    }

    [Fact]
    public void R2_Registry_errors_share_a_base_that_tells_the_name()
    {
        SinkDescriptor left = new("a", [], []), right = new("b", [], []);
        SinkRegistryException[] all =
        [
            new SinkConfigurationConflictException("app", left, right),
            new SinkDescriptorBuildException("app", "no descriptor", _cause),
            new SinkCloseException("app", [_cause]),
        ];
        Assert.All(all, static e => Assert.Equal("app", e.SinkName));
        Assert.All(all, static e => Assert.IsAssignableFrom<InvalidOperationException>(e));
        Assert.All(all, static e => Assert.IsNotAssignableFrom<SinkException>(e));
        Assert.Equal((left, right), (((SinkConfigurationConflictException)all[0]).Existing, ((SinkConfigurationConflictException)all[0]).Requested));
        Assert.Same(_cause, all[1].InnerException);
        Assert.Contains("Close it first, or use another name", all[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void R4_A_close_error_copies_its_errors_and_refuses_to_have_none()
    {
        List<Exception> errors = [_cause, new InvalidDataException("another")];
        var error = new SinkCloseException("a, b", errors);
        errors.Clear();
        Assert.Equal(2, error.InnerExceptions.Count);
        Assert.Equal("Closing a, b failed: the cause; another", error.Message);
        Assert.Throws<ArgumentNullException>(static () => new SinkCloseException("a", null!));
        Assert.ThrowsAny<ArgumentException>(static () => new SinkCloseException("a", []));
    }

    [Fact]
    public void T1_A_creation_error_is_an_InvalidOperationException_with_a_cause()
    {
        var error = new SinkCreationException("not created", _cause);
        Assert.IsAssignableFrom<InvalidOperationException>(error);
        Assert.Equal("not created", error.Message);
        Assert.Same(_cause, error.InnerException);
    }
}
