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

    private const int LongestArray = 1_000;

    private readonly IReadOnlyList<OwnField> _fields;

    private FieldWatch(IReadOnlyList<OwnField> fields) => _fields = fields;

    /// <summary>Why the sink's state need not stay on its loop; null where it must.</summary>
    public static string? WhySynchronised(object sink)
    {
        Type[] types = [.. OwnTypes(sink.GetType())];
        FieldInfo? field = FieldsOf(types).FirstOrDefault(static candidate =>
            candidate.FieldType == typeof(object) || Array.Exists(_ownConcurrency, type => type.IsAssignableFrom(candidate.FieldType)));
        if (field is not null)
            return $"the sink has a thread, a timer, a task or a lock of its own ({OwnField.NameOf(field)}), so what it shares may be guarded";
        return CodeSigns.Of(types).TakesLocks ? "the sink takes locks, so what it shares may be guarded" : null;
    }

    public static FieldWatch Of(object sink) => new([.. OwnField.Of(sink, [.. OwnTypes(sink.GetType())])]);

    /// <summary>All watched values, one per field.</summary>
    public string[] Look() => [.. _fields.Select(static field => $"{field.Name} = {Show(field.Read())}")];

    /// <summary>The sink's class and those below it that are not the runtime's.</summary>
    public static IEnumerable<Type> OwnTypes(Type? type)
    {
        for (; type is not null && type != typeof(object) && type.Assembly != typeof(SinkRuntime).Assembly; type = type.BaseType)
            yield return type;
    }

    private static IEnumerable<FieldInfo> FieldsOf(IEnumerable<Type> types) =>
        types.SelectMany(static type => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly));

    private static string Show(object? value) => value switch
    {
        null => "null",
        StringBuilder text => $"{text.Length} characters",
        Array items => string.Join(' ', items.Cast<object?>().Take(LongestArray)),
        // An interface-typed field may hold something thread-safe.
        ICollection items when value.GetType().Namespace != "System.Collections.Concurrent" => $"{items.Count} items",
        IEnumerable and not string => value.GetType().GetProperty("Count")?.GetValue(value) is int count && value.GetType().Namespace == "System.Collections.Generic" ? $"{count} items" : "",
        _ => value.ToString() ?? "",
    };
}
