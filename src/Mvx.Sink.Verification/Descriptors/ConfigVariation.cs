using System.Reflection;

namespace Mvx.Sink.Verification;

/// <summary>Copies of a configuration, each with one simple member changed.</summary>
internal static class ConfigVariation
{
    public static IEnumerable<(string Member, TConfig Varied)> Of<TConfig>(TConfig original)
        where TConfig : notnull
    {
        if (Copier(original.GetType()) is not { } copy)
            yield break;
        foreach (PropertyInfo property in original.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetSetMethod() is null || property.GetGetMethod() is null || property.GetIndexParameters().Length > 0)
                continue;
            foreach (object? value in Others(property.PropertyType, property.GetValue(original)))
            {
                object varied = copy(original);
                try
                {
                    property.SetValue(varied, value);
                }
                catch (TargetInvocationException)
                {
                    continue; // a value that the configuration refuses
                }

                yield return (property.Name, (TConfig)varied);
            }
        }
    }

    private static Func<object, object>? Copier(Type type)
    {
        if (type.IsValueType)
            return static value => System.Runtime.CompilerServices.RuntimeHelpers.GetObjectValue(value);
        // The copy method that the compiler gives every record.
        MethodInfo? clone = type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public);
        return clone is null ? null : value => clone.Invoke(value, null)!;
    }

    private static IEnumerable<object?> Others(Type type, object? value)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        switch (value)
        {
            case string text:
                yield return text + "x";
                break;
            case bool flag:
                yield return !flag;
                break;
            case int or long or short or byte or uint or ulong or double or float or decimal:
                yield return Convert.ChangeType(Convert.ToDecimal(value) + 1, plain);
                break;
            case TimeSpan time:
                yield return time + TimeSpan.FromSeconds(1);
                break;
            case Enum:
                if (Enum.GetValues(plain).Cast<object>().FirstOrDefault(other => !other.Equals(value)) is { } another)
                    yield return another;
                break;
            case Uri { IsAbsoluteUri: true } address:
                yield return new Uri(address, "x");
                break;
            case null when plain == typeof(string):
                yield return "x";
                break;
            case null when plain == typeof(int) || plain == typeof(long):
                yield return Convert.ChangeType(7, plain);
                break;
            case null when plain == typeof(TimeSpan):
                yield return TimeSpan.FromSeconds(7);
                break;
        }
    }
}
