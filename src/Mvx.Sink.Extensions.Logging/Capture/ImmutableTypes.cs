using System.Collections.Concurrent;
using System.Reflection;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>Which types hold nothing that can change.</summary>
internal static class ImmutableTypes
{
    private static readonly ConcurrentDictionary<Type, bool> _answers = new();

    // The last is the parsed template inside the states that the abstractions make; it is theirs, cached, and never changes.
    private static readonly string[] _classes = ["System.String", "System.Uri", "System.Version", "Microsoft.Extensions.Logging.LogValuesFormatter"];

    public static bool Contains(Type type) => _answers.GetOrAdd(type, static type => Examine(type));

    private static bool Examine(Type type)
    {
        if (type.IsPrimitive || type.IsEnum)
            return true;
        if (!type.IsValueType)
            return Array.IndexOf(_classes, type.FullName) >= 0;
        return Array.TrueForAll(type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), static field => Contains(field.FieldType));
    }
}
