using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>A sink that a host is to have, before it exists.</summary>
internal abstract class SinkRegistration(string name)
{
    // Filled while the services are being collected, by one thread.
    private readonly List<Func<IServiceProvider, Action<List<string>>>> _checks = [];

    public string Name { get; } = name;

    /// <summary>What the sink is, for the message when two are given one name.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it takes a configuration section.</summary>
    public virtual bool IsConfigured => false;

    /// <summary>Has something else checked along with its configuration: what it is used for may be configured too.</summary>
    /// <param name="check">Takes what it needs of the services, and gives what adds what is wrong, one sentence each. Touches no resource.</param>
    public void AlsoCheck(Func<IServiceProvider, Action<List<string>>> check) => _checks.Add(check);

    /// <summary>Gives what makes those checks. It needs the services no more: a sink may have to be created while they are being disposed.</summary>
    public Action<List<string>> ChecksOf(IServiceProvider services)
    {
        Action<List<string>>[] checks = [.. _checks.Select(check => check(services))];
        return failures => Array.ForEach(checks, check => check(failures));
    }

    /// <summary>Creates the running sink. Blocks until it runs.</summary>
    /// <exception cref="OptionsValidationException">Its configuration has faults.</exception>
    public ISinkLifecycle Create(IServiceProvider services, IConfiguration? configuration, string sectionName, SinkRegistry registry, Action<List<string>> checks)
    {
        var failures = new List<string>();
        Func<ISinkLifecycle> create = Prepare(services, configuration, sectionName, registry, failures);
        checks(failures);
        return failures.Count == 0 ? create() : throw new OptionsValidationException(Name, GetType(), failures);
    }

    /// <summary>Adds what is wrong with its configuration, one sentence each. Touches no resource.</summary>
    public virtual void Validate(IConfiguration? configuration, string sectionName, List<string> failures)
    {
    }

    /// <summary>Reads its configuration, adding what is wrong, and gives what creates the running sink if nothing is.</summary>
    protected abstract Func<ISinkLifecycle> Prepare(IServiceProvider services, IConfiguration? configuration, string sectionName, SinkRegistry registry, List<string> failures);
}
