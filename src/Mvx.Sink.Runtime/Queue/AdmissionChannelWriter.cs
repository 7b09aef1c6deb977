using System.Threading.Channels;

namespace Mvx.Sink.Runtime;

/// <summary>The framework's way into an <see cref="AdmissionChannel{T}"/>: any number of writers.</summary>
internal sealed class AdmissionChannelWriter<T>(AdmissionChannel<T> channel, ChannelCompletion<T> completion) : ChannelWriter<T>
{
    public override bool TryWrite(T item) => channel.Offer(item, channel.Limit, out _) == AdmissionVerdict.Accept;

    public override ValueTask<bool> WaitToWriteAsync(CancellationToken cancellationToken = default) => completion.WaitToWriteAsync(cancellationToken);

    public override bool TryComplete(Exception? error = null) => completion.TryComplete(error);
}
