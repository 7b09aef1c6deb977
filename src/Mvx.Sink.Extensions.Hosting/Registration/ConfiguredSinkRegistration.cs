using Microsoft.Extensions.Configuration;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>A sink whose configuration comes from a section, from code, or from both.</summary>
internal abstract class ConfiguredSinkRegistration<TSink, TConfig>(string name) : SinkRegistration(name)
    where TSink : class, ISinkLifecycle
    where TConfig : class
{
    private readonly List<Func<TConfig?, TConfig>> _configure = [];

    public override string Kind => $"{typeof(TSink).Name} with {typeof(TConfig).Name}";

    public override bool IsConfigured => true;

    public void Configure(Func<TConfig?, TConfig>? configure)
    {
        if (configure is not null)
            _configure.Add(configure);
    }

    public override void Validate(IConfiguration? configuration, string sectionName, List<string> failures) => Read(configuration, sectionName, failures);

    protected override Func<ISinkLifecycle> Prepare(IServiceProvider services, IConfiguration? configuration, string sectionName, SinkRegistry registry, List<string> failures)
    {
        TConfig? config = Read(configuration, sectionName, failures);
        return () => Create(services, config!, registry);
    }

    protected abstract TSink Create(IServiceProvider services, TConfig config, SinkRegistry registry);

    /// <summary>Looks for faults that only the sink can see.</summary>
    protected virtual void Check(TConfig config)
    {
    }

    private TConfig? Read(IConfiguration? configuration, string sectionName, List<string> failures)
    {
        var section = new SinkSection(configuration, sectionName, Name);
        int before = failures.Count;
        TConfig? config = section.Bind(failures, out TConfig? rest);
        if (failures.Count > before)
        {
            failures.AddRange(FaultsOf(rest, section, told: failures[before..]));
            return null;
        }

        try
        {
            config = Configured(config);
            if (config is null)
            {
                failures.Add($"{section.Path} is missing: {typeof(TSink).Name} \"{Name}\" has no configuration. Add the section, or configure the sink in code.");
                return null;
            }

            ConfigurationRules.Check(section, config, failures);
            if (failures.Count == before)
                Check(config);
        }
        catch (Exception error)
        {
            failures.Add($"{section.Path}: {section.Blame(error)}");
        }

        return failures.Count == before ? config : null;
    }

    private TConfig? Configured(TConfig? config)
    {
        foreach (Func<TConfig?, TConfig> configure in _configure)
            config = configure(config);
        return config;
    }

    /// <summary>What is wrong beside the values that could not be had, as far as that can be said without them.</summary>
    private List<string> FaultsOf(TConfig? rest, SinkSection section, List<string> told)
    {
        var more = new List<string>();
        try
        {
            if (rest is not null && Configured(rest) is { } config)
                ConfigurationRules.Check(section, config, more);
        }
        catch (Exception)
        {
            more.Clear(); // it is for want of those values, as likely as not
        }

        HashSet<string> keys = [.. told.Select(KeyOf)];
        more.RemoveAll(fault => keys.Contains(KeyOf(fault)) || keys.Any(key => ConfigurationRules.DependsOn(KeyOf(fault), key)));
        return more;
    }

    /// <summary>The path with which a fault's sentence begins.</summary>
    private static string KeyOf(string fault) => fault.Split(' ', 2)[0].TrimEnd(':');
}
