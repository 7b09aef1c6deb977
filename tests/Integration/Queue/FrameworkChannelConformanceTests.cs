using System.Threading.Channels;

namespace Mvx.Sink.Integration.Queue;

public sealed class FrameworkChannelConformanceTests : ChannelConformance
{
    protected override Channel<string> Create(int capacity) => Channel.CreateBounded<string>(capacity);
}
