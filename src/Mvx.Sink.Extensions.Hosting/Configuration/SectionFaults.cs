using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>Finds everything that is wrong with a section before it is bound, which would stop at the first fault: keys that do not exist, values that do not parse or are refused.</summary>
internal static class SectionFaults
{
    /// <summary>Gives an object with the values that are right, if one can be made.</summary>
    public static object? Find(IConfigurationSection section, Type type, List<string> failures)
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
                TrySet(child, property, trial, Find(child, property.PropertyType, failures), failures: []); // whether it suits, the binding tells
            else
                TryValue(child, property, trial, failures);
        }

        return trial;
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
        int before = failures.Count;
        object? value = null;
        try
        {
            FindInElements(child, property.PropertyType, failures);
            if (failures.Count == before)
                value = child.Get(property.PropertyType);
        }
        catch (Exception error)
        {
            failures.Add($"{child.Path}: {Innermost(error).Message}");
        }

        if (failures.Count == before)
            TrySet(child, property, trial, value, failures);
    }

    /// <summary>Binding leaves out the elements that do not parse, and says nothing.</summary>
    private static void FindInElements(IConfigurationSection child, Type type, List<string> failures)
    {
        if (child.Value is not null || ElementOf(type) is not { } element || element == typeof(object))
            return;
        foreach (IConfigurationSection item in child.GetChildren())
        {
            try
            {
                if (IsSection(item, element))
                    Find(item, element, failures);
                else
                    item.Get(element);
            }
            catch (Exception error)
            {
                failures.Add($"{item.Path}: {Innermost(error).Message}");
            }
        }
    }

    private static Type? ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()
            : type != typeof(string) && type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1]
            : null;

    private static void TrySet(IConfigurationSection child, PropertyInfo property, object? trial, object? value, List<string> failures)
    {
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
