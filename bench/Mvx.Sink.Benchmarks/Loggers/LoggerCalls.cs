using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Benchmarks.Loggers;

/// <summary>The log calls that are measured.</summary>
internal static partial class LoggerCalls
{
    /// <summary>The four shapes that the bars are about, and a request's scopes and activity as ASP.NET Core has them.</summary>
    public static IReadOnlyList<LoggerCall> All { get; } =
    [
        new("template, 2 values", Templates),
        new("generated, 2 values", Generated),
        new("generated, no value", static (peer, count) =>
        {
            for (int i = 0; i < count; i++)
                Ready(peer.Logger);
        }),
        new("template, in a scope", static (peer, count) =>
        {
            using (peer.Logger.BeginScope("Request {RequestId}", "0HN3"))
                Templates(peer, count);
        }) { Scope = "0HN3" },
        new("generated, in a request", static (peer, count) =>
        {
            using var activity = new Activity("request");
            activity.Start();
            using (peer.TracingLogger.BeginScope(new RequestScope("0HN3", "/orders/42")))
            {
                for (int i = 0; i < count; i++)
                    Placed(peer.TracingLogger, i, "ann");
            }
        }) { Scope = "0HN3" },
    ];

    private static void Templates(LoggerPeer peer, int count)
    {
        for (int i = 0; i < count; i++)
            peer.Logger.LogInformation("Order {OrderId} placed by {Customer}", i, "ann");
    }

    private static void Generated(LoggerPeer peer, int count)
    {
        for (int i = 0; i < count; i++)
            Placed(peer.Logger, i, "ann");
    }

    [LoggerMessage(EventId = 17, Level = LogLevel.Information, Message = "Order {OrderId} placed by {Customer}")]
    private static partial void Placed(ILogger logger, int orderId, string customer);

    [LoggerMessage(EventId = 18, Level = LogLevel.Information, Message = "Ready")]
    private static partial void Ready(ILogger logger);
}
