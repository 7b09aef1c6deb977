using System.Reflection;

namespace Mvx.Sink.Verification;

/// <summary>The sink's members as its users reach them: a class that hides <c>Log</c> with one of its own is used through that one.</summary>
internal static class SinkMembers<TSink, TEvent>
    where TSink : class, ISinkLifecycle
    where TEvent : notnull
{
    private static readonly Lazy<Action<TSink, TEvent>?> _log = new(() => FindAll("Log").Select(static found => found.Log).FirstOrDefault());
    private static readonly Lazy<Func<TSink, TEvent, LogOutcome>?> _tryLog = new(FindTryLog);
    private static readonly Lazy<Func<TSink, CancellationToken, ValueTask<FlushReport>>?> _flush = new(FindFlush);
    private static readonly Lazy<Func<TSink, ValueTask>?> _dispose = new(FindDispose);

    public static Func<TSink, TEvent, LogOutcome>? TryLog => _tryLog.Value;

    public static Func<TSink, CancellationToken, ValueTask<FlushReport>>? Flush => _flush.Value;

    public static Func<TSink, ValueTask>? Dispose => _dispose.Value;

    public static void Log(TSink sink, TEvent item)
    {
        if (_log.Value is { } log)
            log(sink, item);
        else if (sink is ISink<TEvent> plain)
            plain.Log(item);
        else
            throw new InvalidOperationException($"{typeof(TSink).Name} has no public Log({typeof(TEvent).Name}). Override Log in the specification.");
    }

    /// <summary>Every way in that takes an event: each declaration of Log and TryLog, and the interface's.</summary>
    public static IEnumerable<(string Name, Action<TSink, TEvent> Log)> AllWaysIn()
    {
        foreach ((string name, Action<TSink, TEvent> log) in FindAll("Log").Concat(FindAll("TryLog")))
            yield return (name, log);
        if (typeof(ISink<TEvent>).IsAssignableFrom(typeof(TSink)))
            yield return ("ISink.Log", static (sink, item) => ((ISink<TEvent>)sink).Log(item));
    }

    /// <summary>
    /// Other overloads of Log that can be called: with further arguments, or with a text instead of the event. Good for timing only, since nothing is known of what they mean.
    /// </summary>
    public static IEnumerable<(string Name, Action<TSink, TEvent> Log)> OtherWaysIn()
    {
        foreach (MethodInfo method in typeof(TSink).GetMethods(BindingFlags.Public | BindingFlags.Instance))
        {
            ParameterInfo[] parameters = method.GetParameters();
            if (method.Name != "Log" || method.IsGenericMethodDefinition || parameters.Length == 0 || method.ReturnType != typeof(void))
                continue;
            bool takesEvent = parameters[0].ParameterType == typeof(TEvent);
            bool takesText = !takesEvent && parameters[0].ParameterType == typeof(string);
            ParameterInfo[] further = [.. parameters.Skip(1).Where(static parameter => !parameter.IsOptional)];
            if (!(takesText || (takesEvent && further.Length > 0)) || !Array.TrueForAll(further, static parameter => parameter.ParameterType.IsValueType && !parameter.ParameterType.IsByRefLike))
                continue;
            string title = $"{method.DeclaringType?.Name}.Log({string.Join(", ", parameters.Select(static parameter => parameter.ParameterType.Name))})";
            foreach (bool flag in new[] { false, true })
            {
                yield return (title, (sink, item) =>
                {
                    object?[] arguments =
                    [
                        takesEvent ? item : item.ToString(),
                        .. parameters.Skip(1).Select(parameter => parameter.IsOptional ? Type.Missing : parameter.ParameterType == typeof(bool) ? flag : Activator.CreateInstance(parameter.ParameterType)),
                    ];
                    method.Invoke(sink, BindingFlags.OptionalParamBinding | BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
                }
                );
            }
        }
    }

    private static IEnumerable<(string Name, Action<TSink, TEvent> Log)> FindAll(string name)
    {
        for (Type? type = typeof(TSink); type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (MethodInfo method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                ParameterInfo[] parameters = method.GetParameters();
                if (method.Name != name
                    || method.IsGenericMethodDefinition
                    || parameters.Length == 0
                    || parameters[0].ParameterType != typeof(TEvent)
                    || !parameters.Skip(1).All(static parameter => parameter.IsOptional))
                {
                    continue;
                }

                string title = $"{type.Name}.{name}({string.Join(", ", parameters.Select(static parameter => parameter.ParameterType.Name))})";
                yield return (title, method.ReturnType == typeof(void) && parameters.Length == 1
                    ? method.CreateDelegate<Action<TSink, TEvent>>()
                    : Slowly(method, parameters.Length));
            }
        }
    }

    private static Action<TSink, TEvent> Slowly(MethodInfo method, int count) => (sink, item) =>
    {
        object?[] arguments = [item, .. Enumerable.Repeat(Type.Missing, count - 1)];
        method.Invoke(sink, BindingFlags.OptionalParamBinding | BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);
    };

    private static Func<TSink, TEvent, LogOutcome>? FindTryLog()
    {
        MethodInfo? method = MostDerived("TryLog", typeof(TEvent));
        return method?.ReturnType == typeof(LogOutcome) ? method.CreateDelegate<Func<TSink, TEvent, LogOutcome>>() : null;
    }

    private static Func<TSink, CancellationToken, ValueTask<FlushReport>>? FindFlush()
    {
        MethodInfo? method = MostDerived("FlushAsync", typeof(CancellationToken));
        return method?.ReturnType == typeof(ValueTask<FlushReport>) ? method.CreateDelegate<Func<TSink, CancellationToken, ValueTask<FlushReport>>>() : null;
    }

    private static Func<TSink, ValueTask>? FindDispose()
    {
        MethodInfo? method = MostDerived("DisposeAsync");
        if (method?.ReturnType == typeof(ValueTask))
            return method.CreateDelegate<Func<TSink, ValueTask>>();
        return typeof(IAsyncDisposable).IsAssignableFrom(typeof(TSink)) ? static sink => ((IAsyncDisposable)sink).DisposeAsync() : null;
    }

    private static MethodInfo? MostDerived(string name, params Type[] parameters)
    {
        for (Type? type = typeof(TSink); type is not null; type = type.BaseType)
        {
            MethodInfo? method = type.GetMethod(name, BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly, parameters);
            if (method is not null)
                return method;
        }

        return null;
    }
}
