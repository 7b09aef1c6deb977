using System.Collections;

namespace Mvx.Sink.Benchmarks.Loggers;

/// <summary>A scope of the form that ASP.NET Core opens around each request: a list of two texts.</summary>
internal sealed class RequestScope(string id, string path) : IReadOnlyList<KeyValuePair<string, object?>>
{
    public int Count => 2;

    public KeyValuePair<string, object?> this[int index] => index switch
    {
        0 => new("RequestId", id),
        1 => new("RequestPath", path),
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => $"RequestPath:{path} RequestId:{id}";
}
