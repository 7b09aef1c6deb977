namespace Mvx.Sink.Extensions.Hosting;

/// <summary>A sink that a host is to have, before it exists.</summary>
internal abstract class SinkRegistration(string name)
{
    public string Name { get; } = name;

    /// <summary>What the sink is, for the message when two are given one name.</summary>
    public abstract string Kind { get; }

    /// <summary>Whether it takes a configuration section.</summary>
    public virtual bool IsConfigured => false;

    /// <summary>Adds what is wrong with its configuration, one sentence each. Touches no resource.</summary>
    public virtual void Validate(IServiceProvider services, string sectionName, List<string> failures)
    {
    }

    /// <summary>Creates the running sink. Blocks until it runs.</summary>
    public abstract ISinkLifecycle Create(IServiceProvider services, string sectionName, SinkRegistry registry);
}
