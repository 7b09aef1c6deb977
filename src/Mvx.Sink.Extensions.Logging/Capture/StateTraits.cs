using System.Reflection;
using Microsoft.Extensions.Logging;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>What is known of a type of log state, found out once per type. The answers are constants to the code compiled for that type.</summary>
internal static class StateTraits<TState>
{
    /// <summary>Whether nothing a copy of the state reaches can change, so that it may be read later: the states of LoggerMessage with plain values are so.</summary>
    public static readonly bool IsImmutable = typeof(TState).IsValueType && ImmutableTypes.Contains(typeof(TState));

    /// <summary>Whether it is the state of a call with a template and its arguments (<c>LogInformation("...", x)</c>), which may share its array with the caller.</summary>
    public static readonly bool IsTemplateCall = typeof(TState).FullName == "Microsoft.Extensions.Logging.FormattedLogValues";

    // The formatter last found plain. Any thread; losing a race costs a look.
    private static Func<TState, Exception?, string>? _plain;

    /// <summary>Whether a formatter depends on nothing but its arguments: it holds no variables of its own. That of a template call must be the abstractions' own.</summary>
    public static bool IsPlain(Func<TState, Exception?, string> formatter) => ReferenceEquals(formatter, _plain) || Examine(formatter);

    private static bool Examine(Func<TState, Exception?, string> formatter)
    {
        Type? target = formatter.Target?.GetType();
        bool plain = IsTemplateCall ? formatter.Method.DeclaringType == typeof(LoggerExtensions)
            : target is null || target.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Length == 0;
        if (plain)
            _plain = formatter;
        return plain;
    }
}
