using System.Collections;
using System.Reflection;

namespace Mvx.Sink.Verification;

/// <summary>Copies of a configuration, each with one simple member changed.</summary>
internal static class ConfigVariation
{
    private static readonly string[] _caseless = ["host", "server", "address", "url", "uri", "domain", "mail", "endpoint", "encoding", "culture"];

    /// <param name="make">Makes an equal configuration each time: where it cannot be copied, a new one is changed.</param>
    /// <param name="mark">What texts are lengthened by.</param>
    public static IEnumerable<(string Member, string Change, TConfig Varied)> Of<TConfig>(Func<TConfig> make, string mark = "x")
        where TConfig : notnull
    {
        TConfig original = make();
        Func<object>? copy = Copier(make, original);
        foreach (PropertyInfo property in original.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property.GetGetMethod() is null || property.GetIndexParameters().Length > 0)
                continue;
            object? value = property.GetValue(original);
            if (value is not null && IsRecordOfTheUser(value.GetType()))
            {
                foreach ((string member, string change, object inner) in Of(() => property.GetValue(make())!, mark))
                {
                    if (copy is not null && Set(copy(), property, inner) is TConfig deep)
                        yield return ($"{property.Name}.{member}", change, deep);
                }
            }

            foreach (object? other in Others(property, value, mark))
            {
                if ((copy is null ? null : Set(copy(), property, other)) is { } varied || (varied = Constructed(original, property, other)) is not null)
                    yield return (property.Name, $"{EventSnapshot.Of(value)} and {EventSnapshot.Of(other)}", (TConfig)varied);
            }
        }
    }

    /// <summary>A part of the configuration. What the runtime and the platform have of that kind may mean more than their members.</summary>
    private static bool IsRecordOfTheUser(Type type) =>
        type.IsClass && type.Assembly != typeof(SinkRuntime).Assembly && type.Namespace?.StartsWith("System", StringComparison.Ordinal) != true && type.GetMethod("<Clone>$") is not null;

    private static Func<object>? Copier<TConfig>(Func<TConfig> make, TConfig original)
        where TConfig : notnull
    {
        Type type = original.GetType();
        if (type.IsValueType)
            return () => System.Runtime.CompilerServices.RuntimeHelpers.GetObjectValue(original);
        // The copy method that the compiler gives every record.
        if (type.GetMethod("<Clone>$", BindingFlags.Instance | BindingFlags.Public) is { } clone)
            return () => clone.Invoke(original, null)!;
        return ReferenceEquals(original, make()) ? null : () => make();
    }

    private static object? Set(object copy, PropertyInfo property, object? value)
    {
        if (property.GetSetMethod() is null)
            return null;
        try
        {
            property.SetValue(copy, value);
            return copy;
        }
        catch (TargetInvocationException)
        {
            return null; // a value that the configuration refuses
        }
    }

    /// <summary>A new configuration by the constructor whose parameters are named as the members.</summary>
    private static object? Constructed(object original, PropertyInfo changed, object? value)
    {
        if (changed.GetSetMethod() is not null)
            return null;
        PropertyInfo[] properties = original.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public);
        PropertyInfo? Named(ParameterInfo parameter) =>
            Array.Find(properties, property => string.Equals(property.Name, parameter.Name, StringComparison.OrdinalIgnoreCase) && property.PropertyType == parameter.ParameterType && property.CanRead);
        ConstructorInfo? constructor = original.GetType().GetConstructors()
            .Where(candidate => candidate.GetParameters() is { Length: > 0 } parameters && Array.TrueForAll(parameters, parameter => Named(parameter) is not null) && Array.Exists(parameters, parameter => Named(parameter) == changed))
            .MaxBy(static candidate => candidate.GetParameters().Length);
        try
        {
            return constructor?.Invoke([.. constructor.GetParameters().Select(parameter => Named(parameter) == changed ? value : Named(parameter)!.GetValue(original))]);
        }
        catch (TargetInvocationException)
        {
            return null; // a value that the configuration refuses
        }
    }

    private static IEnumerable<object?> Others(PropertyInfo property, object? value, string mark)
    {
        Type type = property.PropertyType;
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        switch (value)
        {
            case string text:
                yield return text + mark;
                if (InOtherDirectory(text, mark) is { } moved)
                    yield return moved;
                if (OtherCase(property.Name, text) is { } flipped)
                    yield return flipped;
                break;
            case bool flag:
                yield return !flag;
                break;
            case double or float:
                yield return Convert.ChangeType(Convert.ToDouble(value) is var real && Math.Abs(real) < 1e6 ? real + 0.25 : real / 2, plain);
                break;
            case decimal money:
                yield return money + (money > 0 ? -0.25m : 0.25m);
                break;
            case int or long or short or byte or uint or ulong or ushort or sbyte:
                decimal number = Convert.ToDecimal(value);
                yield return Convert.ChangeType(IsLargest(plain, number) ? number - 1 : number + 1, plain);
                break;
            case char letter:
                yield return (char)(letter == 'x' ? 'y' : 'x');
                break;
            case TimeSpan time:
                yield return time > TimeSpan.Zero ? time + TimeSpan.FromSeconds(1) : TimeSpan.FromSeconds(7);
                if (time > TimeSpan.Zero)
                    yield return time + TimeSpan.FromMilliseconds(1);
                break;
            case DateTimeOffset moment:
                yield return moment.AddHours(1);
                break;
            case DateTime moment:
                yield return moment.AddHours(1);
                break;
            case Guid:
                yield return new Guid("7d3a8c52-5a5e-4f0e-9c1b-2f6a8f1d0b11");
                break;
            case Enum:
                if (Enum.GetValues(plain).Cast<object>().FirstOrDefault(other => !other.Equals(value)) is { } another)
                    yield return another;
                break;
            case Uri { IsAbsoluteUri: true } address:
                yield return new Uri(address, "x");
                break;
            case string[] texts:
                yield return texts.Append("x").ToArray();
                if (texts.Length > 0)
                    yield return texts[..^1].Append(texts[^1] + "x").ToArray();
                break;
            case IEnumerable<string> texts when type.IsAssignableFrom(typeof(List<string>)):
                yield return texts.Append("x").ToList();
                if (texts.LastOrDefault() is { } last)
                    yield return texts.SkipLast(1).Append(last + "x").ToList();
                break;
            case IDictionary when type.IsAssignableFrom(typeof(Dictionary<string, string>)) && value is IEnumerable<KeyValuePair<string, string>> pairs:
                yield return new Dictionary<string, string>(pairs, StringComparer.Ordinal) { ["kit's own key"] = "x" };
                if (pairs.FirstOrDefault() is { Key: { } key } pair)
                    yield return new Dictionary<string, string>(pairs, StringComparer.Ordinal) { [key] = pair.Value + "x" };
                break;
            case null:
                if (OfNull(plain) is { } some)
                    yield return some;
                break;
        }
    }

    private static object? OfNull(Type type)
    {
        if (type == typeof(string))
            return "x";
        if (type == typeof(bool))
            return true;
        if (type == typeof(TimeSpan))
            return TimeSpan.FromSeconds(7);
        if (type.IsEnum)
            return Enum.GetValues(type).Cast<object>().FirstOrDefault();
        return type.IsPrimitive && type != typeof(char) && type != typeof(nint) && type != typeof(nuint) || type == typeof(decimal) ? Convert.ChangeType(7, type) : null;
    }

    private static bool IsLargest(Type type, decimal number) =>
        number == Convert.ToDecimal(type.GetField(nameof(int.MaxValue))!.GetValue(null));

    /// <summary>The file of the same name next door; null where the text is no path.</summary>
    private static string? InOtherDirectory(string text, string mark)
    {
        int last = text.LastIndexOfAny(['/', '\\']);
        bool isPath = last > 0 && last < text.Length - 1 && !text.Contains("://", StringComparison.Ordinal) && (Path.IsPathRooted(text) || text.StartsWith('.') || Path.HasExtension(text));
        return isPath ? $"{text[..last]}{mark}{text[last..]}" : null;
    }

    /// <summary>Null where upper and lower case may name the same thing: hosts, and paths except where the file system tells them apart.</summary>
    private static string? OtherCase(string member, string text)
    {
        if (Array.Exists(_caseless, word => member.Contains(word, StringComparison.OrdinalIgnoreCase)) || text.Contains("://", StringComparison.Ordinal) || text.Contains('@', StringComparison.Ordinal))
            return null;
        bool mayBePath = text.Contains('/', StringComparison.Ordinal) || text.Contains('\\', StringComparison.Ordinal) || Path.HasExtension(text);
        if (mayBePath && !OperatingSystem.IsLinux())
            return null;
        string upper = text.ToUpperInvariant();
        return string.Equals(upper, text, StringComparison.Ordinal) ? (text.ToLowerInvariant() is var lower && !string.Equals(lower, text, StringComparison.Ordinal) ? lower : null) : upper;
    }
}
