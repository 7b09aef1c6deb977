namespace Mvx.Sink.Runtime;

/// <summary>What tells the figures of sinks apart: sinks of one name and type are one time series.</summary>
internal readonly record struct SinkSeries(string Name, string Type)
{
    public const string NameTag = "mvx.sink.name";
    public const string TypeTag = "mvx.sink.type";

    public KeyValuePair<string, object?>[] Tags() => [new(NameTag, Name), new(TypeTag, Type)];
}
