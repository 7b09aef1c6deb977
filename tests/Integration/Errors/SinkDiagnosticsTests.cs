using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Errors;

[Collection(ProcessWideCollection.Name)]
public sealed class SinkDiagnosticsTests : IDisposable
{
    private readonly TextWriter _standardError = Console.Error;
    private readonly Action<Exception>? _before = SinkDiagnostics.InternalError;

    public void Dispose()
    {
        SinkDiagnostics.InternalError = _before;
        Console.SetError(_standardError);
    }

    [Fact]
    public void L12_A_clean_up_that_throws_goes_to_the_hook_that_was_set_last()
    {
        using var diagnostics = new DiagnosticsCapture();
        FailWithThrowingCleanUp();
        Exception report = diagnostics.WaitForOne(static error => error.Message == "first\r\nsecond");
        Assert.Contains("clean-up of sink 'ScriptedSink'", DiagnosticsCapture.ContextOf(report), StringComparison.Ordinal);
        Assert.Single(diagnostics.Errors);
    }

    [Fact]
    public void L12_The_default_hook_writes_one_line_to_standard_error_and_null_restores_it()
    {
        using var written = new StringWriter();
        SinkDiagnostics.InternalError = static _ => Assert.Fail("replaced");
        SinkDiagnostics.InternalError = null;
        Assert.NotNull(SinkDiagnostics.InternalError);
        Console.SetError(TextWriter.Synchronized(written));
        FailWithThrowingCleanUp();
        Console.SetError(_standardError);
        Assert.Equal($"Mvx.Sink: clean-up of sink 'ScriptedSink': IOException: first second{Environment.NewLine}", written.ToString());
    }

    [Fact]
    public void L12_A_hook_that_throws_harms_nobody()
    {
        int calls = 0;
        SinkDiagnostics.InternalError = _ =>
        {
            calls++;
            throw new InvalidDataException("the hook itself");
        };
        FailWithThrowingCleanUp();
        Assert.Equal(1, calls);
    }

    [Fact]
    public void L12_An_error_that_takes_no_data_is_reported_all_the_same()
    {
        using var diagnostics = new DiagnosticsCapture();
        FailWithThrowingCleanUp(new DatalessException());
        diagnostics.WaitForOne(static error => error is DatalessException);
    }

    [Fact]
    public void C2_Events_that_nobody_takes_are_reported_with_their_number()
    {
        using var diagnostics = new DiagnosticsCapture();
        using (var loop = new SinkLoop())
        {
            BareSink sink = Patience.Finish(loop.InvokeAsync(static () => new BareSink()), "The sink is constructed");
            sink.Log("bad");
            sink.Gate.WaitUntilEntered();
            sink.Log("rest");
            sink.Log("rest");
            sink.Gate.Fail(new IOException("gone"));
            Patience.Until(() => sink.Ledger.Undelivered == 2, "The rest is undelivered");
        }

        var report = Assert.IsType<SinkException>(diagnostics.WaitForOne(static error => error is SinkException));
        Assert.Equal(SinkErrorReason.UnexpectedError, report.Reason);
        Assert.Equal(2, report.Details["undelivered"]);
        Assert.Contains("2 accepted events", report.Message, StringComparison.Ordinal);
        Assert.Contains("OnUndeliveredAsync", report.Message, StringComparison.Ordinal);
        Assert.IsType<UnexpectedSinkException>(report.InnerException);
        Assert.Equal("sink 'BareSink'", DiagnosticsCapture.ContextOf(report));
    }

    [Fact]
    public void C2_A_hand_over_that_throws_is_reported()
    {
        using var diagnostics = new DiagnosticsCapture();
        var gate = new GatedHook();
        using (ManagedSink<ScriptedSink> managed = HostedSink.Create(s =>
        {
            s.Dispatching = (_, token) => gate.Obedient(token);
            s.Undelivered = static (_, _) => throw new InvalidDataException("full");
        }))
        {
            managed.Sink.Log("bad");
            gate.WaitUntilEntered();
            managed.Sink.Log("rest");
            gate.Fail(new IOException("gone"));
            Patience.Until(() => managed.Sink.State == SinkState.Failure, "The sink fails");
            managed.Terminate();
            Assert.Equal(1, managed.Sink.StoppedRuns);
        }

        Assert.Contains("which was given 1 events", DiagnosticsCapture.ContextOf(diagnostics.WaitForOne(static error => error is InvalidDataException)), StringComparison.Ordinal);
    }

    [Fact]
    public void P1_A_callback_that_throws_on_the_loop_is_reported_and_the_loop_lives_on()
    {
        using var diagnostics = new DiagnosticsCapture();
        using var loop = new SinkLoop("sturdy");
        SynchronizationContext context = Patience.Finish(loop.InvokeAsync(static () => SynchronizationContext.Current), "The loop tells its context")!;
        context.Post(static _ => throw new InvalidDataException("async void"), null);
        Assert.Equal(4, Patience.Finish(loop.InvokeAsync(static () => 4), "The loop lives on"));
        Assert.Contains("'sturdy'", DiagnosticsCapture.ContextOf(diagnostics.WaitForOne(static error => error is InvalidDataException)), StringComparison.Ordinal);
        loop.Dispose();
        context.Post(static _ => Assert.Fail("ran"), null);
        diagnostics.WaitForOne(static error => error is EventLoopUnavailableException);
    }

    [Fact]
    public void P1_A_token_callback_that_throws_while_the_loop_closes_is_reported()
    {
        using var diagnostics = new DiagnosticsCapture();
        var gate = new GatedHook();
        var loop = new SinkLoop();
        ScriptedSink sink = HostedSink.On(loop, script: s => s.Dispatching = async (_, token) =>
        {
            token.Register(static () => throw new InvalidDataException("callback"));
            await gate.Obedient(token);
        });
        sink.Log("a");
        gate.WaitUntilEntered();
        Assert.Null(Patience.OnOwnThread(loop.Dispose));
        Assert.Equal(SinkState.Cancelled, sink.State);
        Assert.Contains("cancellation callback", DiagnosticsCapture.ContextOf(diagnostics.WaitForOne(static error => error is AggregateException)), StringComparison.Ordinal);
    }

    private static void FailWithThrowingCleanUp(Exception? error = null)
    {
        using ManagedSink<ScriptedSink> managed = HostedSink.Create(s =>
        {
            s.Dispatching = static (_, _) => throw new IOException("gone");
            s.Stopped = _ => throw error ?? new IOException("first\r\nsecond");
        });
        managed.Sink.Log("x");
        Patience.Until(() => managed.Sink.State == SinkState.Failure, "The sink fails");
        managed.Terminate();
        Assert.Equal("gone", managed.Sink.LastError!.InnerException!.Message);
        Assert.Equal(1, managed.Sink.StoppedRuns);
    }

    private sealed class DatalessException : Exception
    {
        public override System.Collections.IDictionary Data => throw new NotSupportedException();
    }

    private sealed class BareSink : AsyncSink<string>
    {
        public GatedHook Gate { get; } = new();

        protected override ValueTask DispatchAsync(string item, CancellationToken cancellationToken) => Gate.Obedient(cancellationToken);
    }
}
