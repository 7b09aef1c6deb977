namespace Mvx.Sink.Samples.AspNetCore;

internal static partial class Log
{
    // <message>
    [LoggerMessage(EventId = 1, EventName = "order.answered", Level = LogLevel.Information, Message = "Order {OrderId} answered")]
    public static partial void OrderAnswered(ILogger logger, string orderId);
    // </message>
}
