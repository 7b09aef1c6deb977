using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>Finds everything that is wrong with a section before it is bound, which would stop at the first fault: keys that do not exist, values that do not parse or are refused.</summary>
internal static class SectionFaults
{
    public static void Find(IConfigurationSection section, Type type, List<string> failures)
    {
        PropertyInfo[] properties = [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.GetIndexParameters().Length == 0)];
        FindUnknown(section, type, properties, failures);
        object? trial = TryCreate(type);
        foreach (PropertyInfo property in properties)
        {
            IConfigurationSection child = section.GetSection(KeyOf(property));
            if (!child.Exists())
                continue;
            if (IsSection(child, property.PropertyType))
                Find(child, property.PropertyType, failures);
            else
                TryValue(child, property, trial, failures);
        }
    }

    private static void FindUnknown(IConfigurationSection section, Type type, PropertyInfo[] properties, List<string> failures)
    {
        string[] known = [.. properties.Select(KeyOf)];
        foreach (IConfigurationSection child in section.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase)))
            failures.Add($"{child.Path} is {(child.Value is null ? "a section" : $"\"{child.Value}\"")}, but {type.Name} has no \"{child.Key}\"; it has {string.Join(", ", known)}.");
    }

    /// <summary>Has the value parsed, and set in an object that is thrown away.</summary>
    private static void TryValue(IConfigurationSection child, PropertyInfo property, object? trial, List<string> failures)
    {
        object? value;
        try
        {
            value = child.Get(property.PropertyType);
        }
        catch (Exception error)
        {
            failures.Add($"{child.Path}: {Innermost(error).Message}");
            return;
        }

        if (trial is null || value is null || !property.CanWrite)
            return;
        try
        {
            property.SetValue(trial, value);
        }
        catch (Exception error)
        {
            failures.Add($"{child.Path} is \"{child.Value}\", which is refused: {Innermost(error).Message}");
        }
    }

    /// <summary>Null where there is none to be had without arguments: then the binding itself tells the first fault.</summary>
    private static object? TryCreate(Type type)
    {
        try
        {
            return type.IsAbstract || type.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(type);
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    private static bool IsSection(IConfigurationSection child, Type type) =>
        child.Value is null && type.IsClass && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type);

    private static string KeyOf(PropertyInfo property) => property.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name ?? property.Name;

    private static Exception Innermost(Exception error)
    {
        while (error is TargetInvocationException { InnerException: { } inner })
            error = inner;
        return error;
    }
}
