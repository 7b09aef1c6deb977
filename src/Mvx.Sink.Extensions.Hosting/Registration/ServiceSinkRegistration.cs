using Microsoft.Extensions.Configuration;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>A sink that the application constructs from services.</summary>
internal sealed class ServiceSinkRegistration<TSink>(string name, Func<IServiceProvider, TSink> construct) : SinkRegistration(name)
    where TSink : class, ISinkLifecycle
{
    public override string Kind => typeof(TSink).Name;

    protected override Func<ISinkLifecycle> Prepare(IServiceProvider services, IConfiguration? configuration, string sectionName, SinkRegistry registry, List<string> failures) => () => registry.Configure(
        Name,
        new SinkDescriptor(typeof(TSink).Name, [Name], []),
        () => SinkRuntime.Create(() => construct(services)));
}
