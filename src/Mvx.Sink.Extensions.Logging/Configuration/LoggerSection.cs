using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Configuration;

namespace Mvx.Sink.Extensions.Logging;

/// <summary>What stands under <c>Logging:MvxSink</c> about one sink, and what to say about its faults.</summary>
internal sealed class LoggerSection(IServiceProvider services, string sinkName)
{
    private const string Path = "Logging:MvxSink";

    /// <summary>The levels of all sinks together, which the logger factory reads.</summary>
    private const string LevelsOfAll = "LogLevel";

    private static readonly Dictionary<string, Action<MvxSinkLoggerOptions, IConfigurationSection, List<string>>> _keys = new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(MvxSinkLoggerOptions.MinimumLevel)] = static (options, section, faults) => Set<LogLevel>(section, faults, value => options.MinimumLevel = value),
        [nameof(MvxSinkLoggerOptions.IncludeScopes)] = static (options, section, faults) => Set<bool>(section, faults, value => options.IncludeScopes = value),
        [nameof(MvxSinkLoggerOptions.Reentrancy)] = static (options, section, faults) => SetReentrancy(options, section, faults),
        [nameof(MvxSinkLoggerOptions.ReentrancyScope)] = static (options, section, faults) => Set<ReentrancyScope>(section, faults, value => options.ReentrancyScope = value),
        [nameof(MvxSinkLoggerOptions.EarlyEntryLimit)] = static (options, section, faults) => Set<int>(section, faults, value => options.EarlyEntryLimit = value),
        [LevelsOfAll] = static (options, section, faults) =>
        {
            foreach (IConfigurationSection category in section.GetChildren())
                Set<LogLevel>(category, faults, value => options.CategoryLevels[category.Key] = value);
        },
    };

    private readonly IConfiguration? _all = services.GetService<ILoggerProviderConfiguration<MvxSinkLoggerProvider>>()?.Configuration;
    private readonly string[] _logging = [.. services.GetServices<LoggedSink>().Select(static sink => sink.Name)];

    /// <summary>Sets the options that are configured, and adds what is wrong with the others, which keep their values.</summary>
    public void Apply(MvxSinkLoggerOptions options, List<string> faults)
    {
        foreach (IConfigurationSection child in _all?.GetSection(sinkName).GetChildren() ?? [])
        {
            if (_keys.TryGetValue(child.Key, out var apply))
                apply(options, child, faults);
            else
                faults.Add($"{Path}:{child.Path} is {Show(child)}, but a sink's logger has no \"{child.Key}\"; it has {string.Join(", ", _keys.Keys)}.");
        }
    }

    /// <summary>Adds what is wrong, with the whole of it if this is the first sink that logs.</summary>
    public void Check(List<string> faults)
    {
        Apply(new MvxSinkLoggerOptions(), faults);
        if (_all is null || _logging[0] != sinkName)
            return;
        foreach (IConfigurationSection child in _all.GetChildren())
        {
            if (!child.Key.Equals(LevelsOfAll, StringComparison.OrdinalIgnoreCase) && !_logging.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                faults.Add($"{Path}:{child.Path} is {Show(child)}, but no sink \"{child.Key}\" is logged to; here stand {LevelsOfAll} and the sinks {string.Join(", ", _logging)}.");
        }
    }

    private static void Set<T>(IConfigurationSection section, List<string> faults, Action<T> set)
    {
        try
        {
            set(section.Get<T>()!);
        }
        catch (InvalidOperationException)
        {
            string choice = typeof(T).IsEnum ? $"one of {string.Join(", ", Enum.GetNames(typeof(T)))}" : $"a value of type {typeof(T).Name}";
            faults.Add($"{Path}:{section.Path} is {Show(section)}; it must be {choice}.");
        }
    }

    private static void SetReentrancy(MvxSinkLoggerOptions options, IConfigurationSection section, List<string> faults)
    {
        if (section.Value is "")
            options.Reentrancy = null;
        else
            Set<ReentrancyPolicy>(section, faults, value => options.Reentrancy = value);
    }

    private static string Show(IConfigurationSection section) => section.Value is null ? "a section" : $"\"{section.Value}\"";
}
