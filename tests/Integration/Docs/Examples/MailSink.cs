namespace Mvx.Sink.Integration.Docs.Examples;

public interface IMailServer
{
    Task SendAsync(string text, CancellationToken cancellationToken);
}

// <undelivered>
public sealed class MailSink(IMailServer server, string fallbackPath) : AsyncSink<string>
{
    protected override async ValueTask DispatchAsync(string item, CancellationToken cancellationToken) =>
        await server.SendAsync(item, cancellationToken);

    protected override async ValueTask OnUndeliveredAsync(IReadOnlyList<string> items, SinkException cause) =>
        await File.AppendAllLinesAsync(fallbackPath, items);
}
// </undelivered>
