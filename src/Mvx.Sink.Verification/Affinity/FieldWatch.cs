using System.Collections;
using System.Reflection;
using System.Text;

namespace Mvx.Sink.Verification;

/// <summary>
/// The plain fields of a sink, which only its loop may change: not those that are volatile, handed to Interlocked or thread-safe by type. Null where the sink
/// synchronises its state itself.
/// </summary>
internal sealed class FieldWatch
{
    private static readonly Type[] _ownConcurrency =
    [
        typeof(Thread), typeof(Task), typeof(Timer), typeof(ITimer), typeof(PeriodicTimer), typeof(System.Timers.Timer),
        typeof(Lock), typeof(SemaphoreSlim), typeof(Mutex), typeof(Semaphore), typeof(ReaderWriterLockSlim), typeof(ReaderWriterLock),
    ];

    private readonly object _sink;
    private readonly FieldInfo[] _fields;

    private FieldWatch(object sink, FieldInfo[] fields)
    {
        _sink = sink;
        _fields = fields;
    }

    /// <summary>Why the sink's state need not stay on its loop; null where it must.</summary>
    public static string? WhySynchronised(object sink)
    {
        Type[] types = [.. OwnTypes(sink.GetType())];
        FieldInfo? field = FieldsOf(types).FirstOrDefault(static candidate =>
            candidate.FieldType == typeof(object) || Array.Exists(_ownConcurrency, type => type.IsAssignableFrom(candidate.FieldType)));
        if (field is not null)
            return $"the sink has a thread, a timer, a task or a lock of its own ({Name(field)}), so what it shares may be guarded";
        return CodeSigns.Of(types).TakesLocks ? "the sink takes locks, so what it shares may be guarded" : null;
    }

    public static FieldWatch Of(object sink)
    {
        Type[] types = [.. OwnTypes(sink.GetType())];
        CodeSigns signs = CodeSigns.Of(types);
        return new FieldWatch(sink, [.. FieldsOf(types).Where(field => IsPlain(field) && !signs.ByReference.Any(other => SameField(other, field)))]);
    }

    /// <summary>All watched values, one per field.</summary>
    public string[] Look() => Array.ConvertAll(_fields, field => $"{Name(field)} = {Show(field.GetValue(_sink))}");

    private static IEnumerable<Type> OwnTypes(Type? type)
    {
        for (; type is not null && type != typeof(object) && type.Assembly != typeof(SinkRuntime).Assembly; type = type.BaseType)
            yield return type;
    }

    private static IEnumerable<FieldInfo> FieldsOf(IEnumerable<Type> types) =>
        types.SelectMany(static type => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));

    private static bool IsPlain(FieldInfo field) =>
        !field.IsInitOnly && IsValue(field.FieldType) && !field.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsVolatile))
        || IsPlainCollection(field.FieldType);

    private static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(Guid);

    private static bool IsPlainCollection(Type type) =>
        type == typeof(StringBuilder)
        || (type.IsGenericType && type.Namespace == "System.Collections.Generic" && typeof(IEnumerable).IsAssignableFrom(type))
        || (type.IsClass && type.Namespace == "System.Collections" && typeof(ICollection).IsAssignableFrom(type));

    private static bool SameField(FieldInfo left, FieldInfo right) => left.Module == right.Module && left.MetadataToken == right.MetadataToken;

    private static string Show(object? value) => value switch
    {
        null => "null",
        StringBuilder text => $"{text.Length} characters",
        // An interface-typed field may hold something thread-safe.
        ICollection items when value.GetType().Namespace != "System.Collections.Concurrent" && value is not Array => $"{items.Count} items",
        IEnumerable and not string => value.GetType().GetProperty("Count")?.GetValue(value) is int count && value.GetType().Namespace == "System.Collections.Generic" ? $"{count} items" : "",
        _ => value.ToString() ?? "",
    };

    private static string Name(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
}
