using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using System.Text;

namespace Mvx.Sink.Verification;

/// <summary>The public values of an object as text, so that it can be seen whether somebody changed it. Lazy sequences are not run.</summary>
internal static class EventSnapshot
{
    private const int MaxDepth = 5;
    private static readonly ConcurrentDictionary<Type, MemberInfo[]> _members = new();

    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Write(text, value, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, object? value, int depth)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case string s:
                text.Append('"').Append(s).Append('"');
                break;
            case Exception error:
                text.Append(error.GetType().Name).Append(": ").Append(error.Message);
                break;
            case Type or Delegate or Stream or Task or WaitHandle or MemberInfo:
                text.Append(value.GetType().Name);
                break;
            case ReadOnlyMemory<byte> memory:
                text.Append(Convert.ToHexString(memory.Span));
                break;
            case Memory<byte> memory:
                text.Append(Convert.ToHexString(memory.Span));
                break;
            case byte[] bytes:
                text.Append(Convert.ToHexString(bytes));
                break;
            case DateTime or DateTimeOffset or IFormattable when value is DateTime or DateTimeOffset or TimeSpan || IsLeaf(value.GetType()):
                text.Append(((IFormattable)value).ToString(value is DateTime or DateTimeOffset ? "O" : null, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case bool or char or Uri or Version:
                text.Append(value);
                break;
            default:
                if (depth >= MaxDepth)
                    text.Append('…');
                else if (value is ICollection or IReadOnlyCollection<object>)
                    WriteItems(text, (IEnumerable)value, depth);
                else
                    WriteMembers(text, value, depth);
                break;
        }
    }

    private static bool IsLeaf(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(decimal) || type == typeof(Guid) || type == typeof(DateOnly) || type == typeof(TimeOnly);

    private static void WriteItems(StringBuilder text, IEnumerable items, int depth)
    {
        text.Append('[');
        foreach (object? item in items)
        {
            Write(text, item, depth + 1);
            text.Append(", ");
        }

        text.Append(']');
    }

    private static void WriteMembers(StringBuilder text, object value, int depth)
    {
        text.Append(value.GetType().Name).Append(" { ");
        foreach (MemberInfo member in _members.GetOrAdd(value.GetType(), FindMembers))
        {
            text.Append(member.Name).Append(" = ");
            try
            {
                Write(text, member is PropertyInfo property ? property.GetValue(value) : ((FieldInfo)member).GetValue(value), depth + 1);
            }
            catch (TargetInvocationException error)
            {
                text.Append(error.InnerException?.GetType().Name);
            }

            text.Append(", ");
        }

        // A dictionary of its own making is neither an ICollection nor seen by its members.
        if (value is IReadOnlyDictionary<string, object?> map)
            WriteItems(text, map.ToArray(), depth);
        text.Append('}');
    }

    private static MemberInfo[] FindMembers(Type type) =>
    [
        .. type.GetProperties(BindingFlags.Instance | BindingFlags.Public)
            .Where(static property => property.CanRead && property.GetIndexParameters().Length == 0 && !property.PropertyType.IsByRefLike && !property.PropertyType.IsPointer),
        .. type.GetFields(BindingFlags.Instance | BindingFlags.Public).Where(static field => !field.FieldType.IsPointer),
    ];
}
