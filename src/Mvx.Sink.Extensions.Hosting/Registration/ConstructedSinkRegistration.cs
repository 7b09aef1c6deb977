namespace Mvx.Sink.Extensions.Hosting;

/// <summary>A sink that the application constructs from services and a configuration.</summary>
internal sealed class ConstructedSinkRegistration<TSink, TConfig>(string name, Func<IServiceProvider, TConfig, TSink> construct)
    : ConfiguredSinkRegistration<TSink, TConfig>(name)
    where TSink : class, ISinkLifecycle
    where TConfig : class
{
    protected override TSink Create(IServiceProvider services, TConfig config, SinkRegistry registry) => registry.Configure(
        Name,
        new SinkDescriptor(typeof(TSink).Name, [Name], [config]),
        () => SinkRuntime.Create(() => construct(services, config)));
}
