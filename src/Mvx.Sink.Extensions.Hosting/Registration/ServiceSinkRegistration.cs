namespace Mvx.Sink.Extensions.Hosting;

/// <summary>A sink that the application constructs from services.</summary>
internal sealed class ServiceSinkRegistration<TSink>(string name, Func<IServiceProvider, TSink> construct) : SinkRegistration(name)
    where TSink : class, ISinkLifecycle
{
    public override string Kind => typeof(TSink).Name;

    public override ISinkLifecycle Create(IServiceProvider services, string sectionName, SinkRegistry registry) => registry.Configure(
        Name,
        new SinkDescriptor(typeof(TSink).Name, [Name], []),
        () => SinkRuntime.Create(() => construct(services)));
}
