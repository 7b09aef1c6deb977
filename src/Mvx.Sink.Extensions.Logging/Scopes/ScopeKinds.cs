using System.Collections.Concurrent;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>The kinds of the states that scopes were opened with.</summary>
internal static class ScopeKinds
{
    private static readonly ConcurrentDictionary<Type, StateKind> _kinds = new();

    public static StateKind Of(Type type) => _kinds.GetOrAdd(type, static type => StateTraits.KindOf(type));
}
