using Microsoft.Extensions.Options;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>A sink that a host is to have, before it exists.</summary>
internal abstract class SinkRegistration(string name)
{
    // Filled while the services are being collected, by one thread.
    private readonly List<Action<IServiceProvider, List<string>>> _checks = [];

    public string Name { get; } = name;

    /// <summary>What the sink is, for the message when two are given one name.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it takes a configuration section.</summary>
    public virtual bool IsConfigured => false;

    /// <summary>Has something else checked along with its configuration: what it is used for may be configured too.</summary>
    /// <param name="check">Adds what is wrong, one sentence each. Touches no resource.</param>
    public void AlsoCheck(Action<IServiceProvider, List<string>> check) => _checks.Add(check);

    /// <summary>Adds what is wrong with its configuration, one sentence each. Touches no resource.</summary>
    public void Validate(IServiceProvider services, string sectionName, List<string> failures)
    {
        ValidateConfig(services, sectionName, failures);
        foreach (Action<IServiceProvider, List<string>> check in _checks)
            check(services, failures);
    }

    /// <summary>Creates the running sink. Blocks until it runs.</summary>
    /// <exception cref="OptionsValidationException">Its configuration has faults.</exception>
    public ISinkLifecycle Create(IServiceProvider services, string sectionName, SinkRegistry registry)
    {
        var failures = new List<string>();
        Func<ISinkLifecycle> create = Prepare(services, sectionName, registry, failures);
        foreach (Action<IServiceProvider, List<string>> check in _checks)
            check(services, failures);
        return failures.Count == 0 ? create() : throw new OptionsValidationException(Name, GetType(), failures);
    }

    protected virtual void ValidateConfig(IServiceProvider services, string sectionName, List<string> failures)
    {
    }

    /// <summary>Reads its configuration, adding what is wrong, and gives what creates the running sink if nothing is.</summary>
    protected abstract Func<ISinkLifecycle> Prepare(IServiceProvider services, string sectionName, SinkRegistry registry, List<string> failures);
}
