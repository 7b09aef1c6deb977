using System.Collections.Concurrent;
using System.Text;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>
/// Types whose values cannot change, and whose text depends on nothing else: one that is made later is the one that would have been made now. Of a type that somebody
/// else wrote neither is known, a struct of plain numbers included: its ToString may read whatever it likes.
/// </summary>
internal static class PureTypes
{
    private static readonly ConcurrentDictionary<Type, bool> _answers = new();

    // All sealed, so that a field of that type holds nothing else.
    private static readonly HashSet<Type> _known =
    [
        typeof(string), typeof(decimal), typeof(Guid), typeof(DateTime), typeof(DateTimeOffset), typeof(TimeSpan), typeof(DateOnly), typeof(TimeOnly),
        typeof(Int128), typeof(UInt128), typeof(Half), typeof(Rune), typeof(Index), typeof(Range), typeof(Version),
    ];

    public static bool Contains(Type type) => _answers.GetOrAdd(type, static type => Examine(type));

    private static bool Examine(Type type) =>
        type.IsPrimitive || type.IsEnum || _known.Contains(type) || (Nullable.GetUnderlyingType(type) is { } value && Contains(value));
}
