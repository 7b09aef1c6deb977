using System.Threading.Channels;

namespace Mvx.Sink.Integration.Queue;

public sealed class AdmissionChannelConformanceTests : ChannelConformance
{
    protected override Channel<string> Create(int capacity) => QueueSupport.Open<string>(capacity);
}
