namespace Mvx.Sink.Extensions.Hosting;

/// <summary>How sinks are hosted.</summary>
public sealed class MvxSinksOptions
{
    /// <summary>The configuration section of a host that names none: <c>MvxSinks</c>.</summary>
    public const string DefaultSectionName = "MvxSinks";

    /// <summary>The configuration section whose sub-sections configure the sinks, each under its sink's name. Default: <c>MvxSinks</c>.</summary>
    public string SectionName { get; set; } = DefaultSectionName;
}
