using System.Text.RegularExpressions;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>The sinks that a host is to have, in the order in which they were added. Filled while the services are being collected, by one thread.</summary>
internal sealed partial class SinkRegistrations
{
    private readonly List<SinkRegistration> _all = [];

    public MvxSinksOptions Options { get; } = new();

    public IReadOnlyList<SinkRegistration> All => _all;

    /// <summary>Whether the sinks time their dispatches.</summary>
    public bool TimesDispatches { get; set; }

    public SinkRegistration? Find(string name) => _all.Find(registration => registration.Name == name);

    /// <summary>Adds a registration. False: the same sink has been added under that name.</summary>
    public bool Add(SinkRegistration registration)
    {
        ThrowIfMalformed(registration.Name);
        SinkRegistration? present = Find(registration.Name);
        if (present is null)
        {
            _all.Add(registration);
            return true;
        }

        ThrowIfOther(present, registration);
        return false;
    }

    /// <summary>Gives the registration of that name, adding it if there is none.</summary>
    public TRegistration GetOrAdd<TRegistration>(string name, Func<string, TRegistration> register, out bool added)
        where TRegistration : SinkRegistration
    {
        TRegistration registration = register(name);
        added = Add(registration);
        return added ? registration : (TRegistration)Find(name)!;
    }

    private static void ThrowIfOther(SinkRegistration present, SinkRegistration added)
    {
        if (present.GetType() != added.GetType())
            throw new InvalidOperationException($"The sink \"{added.Name}\" has been added already, as {present.Kind}; it cannot also be {added.Kind}. Use another name.");
    }

    private static void ThrowIfMalformed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!NamePattern().IsMatch(name))
            throw new ArgumentException($"\"{name}\" is not a sink name: it must be a letter followed by letters, digits, '_' and '-'.", nameof(name));
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
