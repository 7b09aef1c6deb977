namespace Mvx.Sink.Samples.Monitoring.Sinks;

/// <summary>Its backend breaks after a while, and that is the end of it.</summary>
internal sealed class MailSink() : AsyncSink<string>(new SinkOptions { Namespace = "mail" })
{
    private const int LastMail = 37;
    private static readonly TimeSpan _roundTrip = TimeSpan.FromMilliseconds(20);

    private int _sent;

    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken)
    {
        await Task.Delay(_roundTrip, TimeProvider.System, cancellationToken);
        if (_sent++ == LastMail)
            throw new IOException("The mail server hung up.");
    }
}
