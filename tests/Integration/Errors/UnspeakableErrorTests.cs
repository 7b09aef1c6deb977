using Mvx.Sink.Integration.Support;

namespace Mvx.Sink.Integration.Errors;

/// <summary>An exception whose own message throws is an error like any other.</summary>
public sealed class UnspeakableErrorTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(5, false)]
    public void L12_A_dispatch_may_throw_it(int batch, bool later)
    {
        using var hosted = Hosted.Running(() => new ScriptedSink(new SinkOptions { MaxBatchSize = batch })
        {
            Dispatching = async (_, _) =>
            {
                if (later)
                    await Task.Yield();
                throw new UnspeakableException();
            },
        });
        hosted.Sink.Log("x");
        hosted.Sink.UntilState(SinkState.Failure);
        hosted.Sink.UntilAtRest();
        Assert.IsType<UnspeakableException>(Assert.IsType<UnexpectedSinkException>(hosted.Sink.LastError).InnerException);
    }

    [Fact]
    public void L5_A_starting_hook_may_throw_it()
    {
        var error = Assert.Throws<SinkCreationException>(static () => SinkRuntime.Create(static () => new ScriptedSink { Starting = static _ => throw new UnspeakableException() }));
        Assert.IsType<UnspeakableException>(Assert.IsType<OnStartingHookFailedException>(error.InnerException).InnerException);
    }

    [Fact]
    public void L9_A_stopped_hook_may_throw_it()
    {
        using var hosted = Hosted.Running(static () => new ScriptedSink { Stopped = static _ => throw new UnspeakableException() });
        Assert.IsType<OnStoppedHookFailedException>(Patience.Finish(hosted.Sink.Stop()).Error);
    }

    [Fact]
    public void T1_A_factory_may_throw_it() =>
        Assert.IsType<UnspeakableException>(Assert.Throws<SinkCreationException>(static () => SinkRuntime.Create<ScriptedSink>(static () => throw new UnspeakableException())).InnerException);

    private sealed class UnspeakableException : Exception
    {
        public override string Message => throw new InvalidOperationException("unspeakable");
    }
}
