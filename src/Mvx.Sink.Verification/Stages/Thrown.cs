using System.Runtime.ExceptionServices;

namespace Mvx.Sink.Verification;

/// <summary>Takes what is thrown on a thread of the kit, where it would end the process, to the thread that waits for it. Any thread.</summary>
internal sealed class Thrown
{
    private volatile Exception? _first;

    public void Run(Action action)
    {
        try
        {
            action();
        }
        catch (Exception error)
        {
            _first ??= error;
        }
    }

    public void Throw()
    {
        if (_first is { } error)
            ExceptionDispatchInfo.Throw(error);
    }
}
