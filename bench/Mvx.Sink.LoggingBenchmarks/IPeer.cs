using Microsoft.Extensions.Logging;

namespace Mvx.Sink.LoggingBenchmarks;

/// <summary>An asynchronous logger behind Microsoft.Extensions.Logging, with a backend that only counts.</summary>
internal interface IPeer : IDisposable
{
    string Name { get; }

    ILogger Logger { get; }

    /// <summary>Events that have reached the backend.</summary>
    long Delivered { get; }
}
