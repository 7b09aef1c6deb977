using Mvx.Sink.Files.Storage;

namespace Mvx.Sink.Integration.Files;

public sealed class CloseGateTests
{
    private int _closed;

    [Fact]
    public void A_close_between_writes_is_done_at_once()
    {
        CloseGate gate = Gate();
        gate.Enter();
        gate.Leave();
        gate.Close();
        Assert.Equal(1, _closed);
    }

    [Fact]
    public void A_close_during_a_write_is_done_when_the_write_is_over()
    {
        CloseGate gate = Gate();
        gate.Enter();
        gate.Close();
        gate.Close();
        Assert.Equal(0, _closed);
        gate.Leave();
        Assert.Equal(1, _closed);
    }

    [Fact]
    public void Two_writes_at_a_time_are_refused()
    {
        CloseGate gate = Gate();
        gate.Enter();
        Assert.Throws<InvalidOperationException>(gate.Enter);
    }

    private CloseGate Gate() => new(() => _closed++);
}
