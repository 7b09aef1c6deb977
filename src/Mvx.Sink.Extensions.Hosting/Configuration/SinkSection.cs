using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>The configuration section of one sink, and what to say about its faults: which section, which key, which value.</summary>
internal sealed class SinkSection(IConfiguration? configuration, string sectionName, string sinkName)
{
    private readonly IConfigurationSection? _section = configuration?.GetSection(sectionName).GetSection(sinkName);

    public string Path { get; } = ConfigurationPath.Combine(sectionName, sinkName);

    /// <summary>Binds the section. Null when there is none, or when a failure was added.</summary>
    /// <param name="failures">What is wrong, one sentence each.</param>
    /// <param name="rest">When a failure was added: a configuration of the values that are right, if one can be made.</param>
    public TConfig? Bind<TConfig>(List<string> failures, out TConfig? rest)
        where TConfig : class
    {
        rest = null;
        if (_section is null || !_section.Exists())
            return null;
        int before = failures.Count;
        var right = (TConfig?)SectionFaults.Find(_section, typeof(TConfig), failures);
        if (failures.Count > before)
        {
            rest = right;
            return null;
        }

        try
        {
            return _section.Get<TConfig>();
        }
        catch (Exception error)
        {
            failures.Add($"{Path}: {Blame(error)}");
            return null;
        }
    }

    /// <summary>A key's full path.</summary>
    public string PathOf(string key) => ConfigurationPath.Combine(Path, key);

    /// <summary>A key's value as it stands in the configuration.</summary>
    public string Show(string key) => _section?[key] is { } value ? $"\"{value}\"" : "not set";

    /// <summary>Says which key an error is about, where the error tells.</summary>
    public string Blame(Exception error)
    {
        while (error is TargetInvocationException { InnerException: { } inner })
            error = inner;
        string? key = error is ArgumentException { ParamName: { Length: > 0 } name } && _section?[name] is not null ? name : null;
        return key is null ? error.Message : $"{key} is {Show(key)}, which is refused: {error.Message}";
    }
}
