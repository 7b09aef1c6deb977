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
        ("CreateSinkThatCannotStart", SinkCapabilities.FailingStart),
    ];

    public static SinkCapabilities Of(Type specification)
    {
        SinkCapabilities found = SinkCapabilities.Restart | SinkCapabilities.Ordered | SinkCapabilities.LeavesEventsUnchanged;
        foreach ((string name, SinkCapabilities capability) in _methods)
        {
            MethodInfo? method = specification.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .FirstOrDefault(candidate => candidate.Name == name && candidate.GetBaseDefinition().DeclaringType?.Assembly == typeof(InferredCapabilities).Assembly);
            if (method?.DeclaringType?.Assembly != typeof(InferredCapabilities).Assembly)
                found |= capability;
        }

        return found;
    }
}
