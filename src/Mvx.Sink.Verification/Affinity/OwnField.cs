using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Mvx.Sink.Verification;

/// <summary>
/// A plain value that belongs to a sink: in a field of its own, or in a struct or an object that only holds data for it. An object with methods is left alone: it may
/// well go off the loop inside one of them while the sink awaits it.
/// </summary>
/// <param name="Name">How to name it to people.</param>
/// <param name="Read">Its value right now.</param>
internal sealed record OwnField(string Name, Func<object?> Read)
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IEnumerable<OwnField> Of(object sink, Type[] types) => Of(() => sink, types, types, CodeSigns.Of(types), "", 2);

    public static string NameOf(FieldInfo field) =>
        field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;

    private static IEnumerable<OwnField> Of(Func<object?> owner, IEnumerable<Type> types, Type[] sink, CodeSigns signs, string prefix, int depth)
    {
        foreach (FieldInfo field in types.SelectMany(static type => type.GetFields(Declared)))
        {
            string name = prefix + NameOf(field);
            Type type = field.FieldType;
            object? Read() => owner() is { } holder ? field.GetValue(holder) : null;
            if (IsPlain(field) || IsPlainArray(type, signs))
            {
                if (!signs.ByReference.Any(other => SameField(other, field)))
                    yield return new OwnField(name, Read);
            }
            else if (depth > 0 && (IsStruct(type) ? !field.IsInitOnly : IsData(type) && (Array.IndexOf(sink, type.DeclaringType) >= 0 || signs.Makes.Contains(type))))
            {
                foreach (OwnField inner in Of(Read, [type], sink, signs, name + ".", depth - 1))
                    yield return inner;
            }
        }
    }

    private static bool IsPlain(FieldInfo field) =>
        (!field.IsInitOnly && IsValue(field.FieldType) && !field.GetRequiredCustomModifiers().Contains(typeof(IsVolatile)))
        || IsPlainCollection(field.FieldType);

    private static bool IsValue(Type type) => type.IsPrimitive || type.IsEnum || type == typeof(string) || type == typeof(decimal) || type == typeof(DateTime) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) || type == typeof(Guid);

    private static bool IsPlainCollection(Type type) =>
        type == typeof(StringBuilder)
        || (type.IsGenericType && type.Namespace == "System.Collections.Generic" && typeof(IEnumerable).IsAssignableFrom(type))
        || (type.IsClass && type.Namespace == "System.Collections" && typeof(ICollection).IsAssignableFrom(type));

    /// <summary>Buffers of bytes and characters are filled by whoever reads into them, and elements may be changed by Interlocked.</summary>
    private static bool IsPlainArray(Type type, CodeSigns signs) =>
        type.IsSZArray && type.GetElementType() is { } element && IsValue(element) && element != typeof(byte) && element != typeof(char) && !signs.Atomic.Contains(element);

    private static bool IsStruct(Type type) =>
        type is { IsValueType: true, IsPrimitive: false, IsEnum: false, IsByRefLike: false }
        && (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true || HoldsData(type));

    private static bool IsData(Type type) =>
        type is { IsClass: true, IsArray: false } && type.BaseType == typeof(object) && HoldsData(type);

    /// <summary>Whether it has no methods of its own, which might guard what they change.</summary>
    private static bool HoldsData(Type type) =>
        type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true
        && Array.TrueForAll(type.GetMethods(Declared), static method => method.IsSpecialName || method.IsDefined(typeof(CompilerGeneratedAttribute)));

    private static bool SameField(FieldInfo left, FieldInfo right) => left.Module == right.Module && left.MetadataToken == right.MetadataToken;
}
