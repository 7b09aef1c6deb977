namespace Mvx.Sink.Benchmarks.Files;

/// <summary>What the n-th event says, whoever writes it: five values, a message, a name, a namespace, a level and a time.</summary>
internal readonly record struct FileEventContent(int Number)
{
    private static readonly DateTimeOffset _origin = new(2026, 1, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] _paths = ["/orders", "/orders/7", "/customers", "/health"];

    public const string Name = "request.handled";

    public const string Namespace = "Shop.Api";

    public const string Message = "The request was handled";

    public DateTimeOffset Timestamp => _origin.AddMilliseconds(Number);

    public int User => 100_000 + Number;

    public string Path => _paths[Number & 3];

    public double Elapsed => 1.25 + (Number % 1_000) / 8.0;

    public int Status => (Number & 15) == 0 ? 404 : 200;

    public string Tenant => (Number & 1) == 0 ? "north" : "south";
}
