using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>What can be said against a configuration without knowing the sink: its data annotations, properties that must not be null and are, and options that do not suit each other.</summary>
internal static class ConfigurationRules
{
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Configuration binding has looked at the same properties before.")]
    public static void Check<TConfig>(SinkSection section, TConfig config, List<string> failures)
        where TConfig : class
    {
        var nullability = new NullabilityInfoContext();
        var missing = new HashSet<string>(StringComparer.Ordinal);
        foreach (PropertyInfo property in typeof(TConfig).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            bool refusesNull = property.CanRead
                && property.GetIndexParameters().Length == 0
                && !property.PropertyType.IsValueType
                && nullability.Create(property).ReadState == NullabilityState.NotNull;
            if (refusesNull && property.GetValue(config) is null && missing.Add(property.Name))
                failures.Add($"{section.PathOf(property.Name)} is not set; {typeof(TConfig).Name} requires it.");
        }

        foreach (PropertyInfo property in typeof(TConfig).GetProperties().Where(static property => property.PropertyType == typeof(SinkOptions)))
        {
            if (property.GetValue(config) is SinkOptions options && options.ReserveCount >= options.Limit)
                failures.Add($"{section.PathOf($"{property.Name}:{nameof(SinkOptions.ReserveCount)}")} is {options.ReserveCount}, but keeps places of QueueMaxSize, which is {options.Limit}: it must be below that.");
        }

        var results = new List<ValidationResult>();
        Validator.TryValidateObject(config, new ValidationContext(config), results, validateAllProperties: true);
        foreach (ValidationResult result in results)
        {
            string[] members = [.. result.MemberNames];
            if (members.Length == 0)
                failures.Add($"{section.Path}: {result.ErrorMessage}");
            foreach (string member in members.Where(member => !missing.Contains(member)))
                failures.Add($"{section.PathOf(member)} is {section.Show(member)}: {result.ErrorMessage}");
        }
    }

    /// <summary>Whether what is said against a key's value takes another key's value into account.</summary>
    public static bool DependsOn(string path, string otherPath) =>
        path.EndsWith($":{nameof(SinkOptions.ReserveCount)}", StringComparison.OrdinalIgnoreCase)
            && otherPath.Equals($"{path[..^nameof(SinkOptions.ReserveCount).Length]}{nameof(SinkOptions.QueueMaxSize)}", StringComparison.OrdinalIgnoreCase);
}
