using System.CodeDom.Compiler;
using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>What is known of a type of log state, found out once per type.</summary>
/// <remarks>
/// A state is read later only where its own code is known, and not the application's: that of the abstractions, and that of the generator behind the attribute
/// LoggerMessage. The same goes for the formatter, even one that holds no variables, since it may read others.
/// </remarks>
internal sealed class StateTraits
{
    private static readonly Assembly _abstractions = typeof(LoggerMessage).Assembly;

    private readonly Type _type;

    // The formatter last found to be the state's own. Any thread; losing a race costs a look.
    private Delegate? _own;

    private StateTraits(Type type)
    {
        _type = type;
        Kind = KindOf(type);
        MayBeConstant = Kind == StateKind.Immutable && !Fields(type).Any(static field => PureTypes.Contains(field.FieldType));
    }

    public StateKind Kind { get; }

    /// <summary>Whether such a state holds no value: only the parsed template, if that.</summary>
    public bool MayBeConstant { get; }

    public static StateTraits Of(Type type) => new(type);

    /// <summary>What kind of state it is. Reflection: remember the answer.</summary>
    public static StateKind KindOf(Type type)
    {
        if (type.FullName == "Microsoft.Extensions.Logging.FormattedLogValues" && type.Assembly == _abstractions)
            return StateKind.Template;
        bool isKnown = type.IsValueType && (IsOfAbstractions(type) || IsGenerated(type));
        return isKnown && Array.TrueForAll(Fields(type), IsPure) ? StateKind.Immutable : StateKind.Unknown;
    }

    /// <summary>Whether a formatter is that of whoever made the state, and so depends on nothing but the state.</summary>
    public bool IsOwn(Delegate formatter) => ReferenceEquals(formatter, _own) || Examine(formatter);

    private static bool IsOfAbstractions(Type type) => type.Assembly == _abstractions && type.DeclaringType == typeof(LoggerMessage);

    /// <summary>The struct that the generator writes for a message with more values than LoggerMessage.Define takes.</summary>
    private static bool IsGenerated(Type type) => type.GetCustomAttribute<GeneratedCodeAttribute>()?.Tool == "Microsoft.Extensions.Logging.Generators";

    // Beside the values there is the parsed template, which never changes and is the abstractions' own.
    private static bool IsPure(FieldInfo field) =>
        PureTypes.Contains(field.FieldType) || (field.FieldType.Assembly == _abstractions && field.FieldType.FullName == "Microsoft.Extensions.Logging.LogValuesFormatter");

    private static FieldInfo[] Fields(Type type) => type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);

    private bool Examine(Delegate formatter)
    {
        Type? writer = formatter.Method.DeclaringType;
        bool isOwn = writer is not null && (writer.Assembly == _abstractions || IsWithin(writer, _type));
        if (isOwn)
            _own = formatter;
        return isOwn;
    }

    private static bool IsWithin(Type inner, Type outer)
    {
        for (Type? type = inner; type is not null; type = type.DeclaringType)
        {
            if (type == outer)
                return true;
        }

        return false;
    }
}

/// <summary>The traits of one type of log state.</summary>
internal static class StateTraits<TState>
{
    public static readonly StateTraits Value = StateTraits.Of(typeof(TState));
}
