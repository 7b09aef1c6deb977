using System.Reflection;

namespace Mvx.Sink.Verification;

/// <summary>What a specification's overrides say about it.</summary>
internal static class InferredCapabilities
{
    private static readonly (string Method, SinkCapabilities Capability)[] _methods =
    [
        ("ReadBack", SinkCapabilities.ReadBack),
        ("BreakBackend", SinkCapabilities.Break),
        ("StallBackend", SinkCapabilities.Stall),
        ("FailNextWrites", SinkCapabilities.FailNextWrites),
        ("FailWrites", SinkCapabilities.FailWrites | SinkCapabilities.FailNextWrites),
        ("CreateSinkThatCannotStart", SinkCapabilities.FailingStart),
    ];

    /// <summary>Whether the specification logs in a way of its own.</summary>
    public static bool OverridesLog(Type specification) => IsOverridden(specification, "Log");

    public static SinkCapabilities Of(Type specification)
    {
        SinkCapabilities found = SinkCapabilities.Restart | SinkCapabilities.Ordered | SinkCapabilities.LeavesEventsUnchanged;
        foreach ((string name, SinkCapabilities capability) in _methods)
        {
            if (IsOverridden(specification, name))
                found |= capability;
        }

        return found;
    }

    private static bool IsOverridden(Type specification, string name)
    {
        MethodInfo? method = specification.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .FirstOrDefault(candidate => candidate.Name == name && candidate.GetBaseDefinition().DeclaringType?.Assembly == typeof(InferredCapabilities).Assembly);
        return method?.DeclaringType?.Assembly != typeof(InferredCapabilities).Assembly;
    }
}
