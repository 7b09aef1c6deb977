using System.Runtime.CompilerServices;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>The texts of scopes with a template. A scope is opened once and holds for many entries, so one that cannot change is formatted once.</summary>
internal static class ScopeText
{
    private static readonly ConditionalWeakTable<object, string> _texts = [];

    public static string Of(object scope, IEnumerable<KeyValuePair<string, object?>> values)
    {
        if (_texts.TryGetValue(scope, out string? text))
            return text;
        text = ValueCapture.TextOf(scope);
        if (values.All(static value => ValueCapture.IsImmutable(value.Value)))
            _texts.TryAdd(scope, text);
        return text;
    }
}
