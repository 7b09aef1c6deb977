namespace Mvx.Sink.Quickstart;

/// <summary>Shows how far a long input is read, while it is read, on a terminal. Short ones are over before it shows.</summary>
internal sealed class ProgressBar : IDisposable
{
    private const int Width = 30;
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    private readonly LineSource _source;
    private readonly ITimer? _timer;

    public ProgressBar(LineSource source)
    {
        _source = source;
        if (Terminal.IsInteractive && source.Length > 0)
            _timer = TimeProvider.System.CreateTimer(_ => Show(), null, _interval, _interval);
    }

    public void Dispose()
    {
        if (_timer is null)
            return;
        // Asynchronous disposal is the one that waits for a callback in progress.
        _timer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Terminal.ShowStatus("");
    }

    private void Show()
    {
        double part = Math.Min(1, (double)_source.Position / _source.Length!.Value);
        int filled = (int)(part * Width);
        Terminal.ShowStatus($"[{new string('#', filled)}{new string('.', Width - filled)}] {part,4:P0}  {_source.LinesRead:N0} lines");
    }
}
