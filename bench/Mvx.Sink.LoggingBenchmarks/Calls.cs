using Microsoft.Extensions.Logging;

namespace Mvx.Sink.LoggingBenchmarks;

/// <summary>The log calls that are measured.</summary>
internal static partial class Calls
{
    public static readonly (string Name, Action<ILogger, int> Run)[] All =
    [
        ("template, 2 values", static (logger, count) =>
        {
            for (int i = 0; i < count; i++)
                logger.LogInformation("Order {OrderId} placed by {Customer}", i, "ann");
        }),
        ("generated, 2 values", static (logger, count) =>
        {
            for (int i = 0; i < count; i++)
                Placed(logger, i, "ann");
        }),
        ("generated, no value", static (logger, count) =>
        {
            for (int i = 0; i < count; i++)
                Ready(logger);
        }),
        ("template, in a scope", static (logger, count) =>
        {
            using (logger.BeginScope("Request {RequestId}", "0HN3"))
            {
                for (int i = 0; i < count; i++)
                    logger.LogInformation("Order {OrderId} placed by {Customer}", i, "ann");
            }
        }),
    ];

    [LoggerMessage(EventId = 17, Level = LogLevel.Information, Message = "Order {OrderId} placed by {Customer}")]
    private static partial void Placed(ILogger logger, int orderId, string customer);

    [LoggerMessage(EventId = 18, Level = LogLevel.Information, Message = "Ready")]
    private static partial void Ready(ILogger logger);
}
