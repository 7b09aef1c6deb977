namespace Mvx.Sink.Extensions.Hosting;

/// <summary>A sink that describes and constructs itself.</summary>
internal sealed class DescribedSinkRegistration<TSink, TConfig>(string name) : ConfiguredSinkRegistration<TSink, TConfig>(name)
    where TSink : class, ISinkLifecycle, IDescribedSink<TSink, TConfig>
    where TConfig : class
{
    protected override TSink Create(IServiceProvider services, TConfig config, SinkRegistry registry) => registry.Configure<TSink, TConfig>(Name, config);

    protected override void Check(TConfig config) => TSink.BuildDescriptor(config);
}
