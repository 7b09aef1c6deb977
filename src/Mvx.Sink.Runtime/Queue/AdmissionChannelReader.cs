using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Mvx.Sink.Runtime;

/// <summary>The framework's way out of an <see cref="AdmissionChannel{T}"/>: one reader at a time. Reading an event finishes it.</summary>
internal sealed class AdmissionChannelReader<T>(AdmissionChannel<T> channel, ChannelCompletion<T> completion) : ChannelReader<T>
{
    public override Task Completion => completion.Completion;

    public override bool CanCount => true;

    public override bool CanPeek => true;

    public override int Count => (int)(channel.Gate.Accepted - channel.Completed);

    public override bool TryPeek([MaybeNullWhen(false)] out T item) => channel.TryPeek(out item);

    public override bool TryRead([MaybeNullWhen(false)] out T item)
    {
        if (!channel.TryTake(out item))
            return false;
        channel.Finish(1);
        completion.OnRead();
        return true;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) => completion.WaitToReadAsync(cancellationToken);
}
