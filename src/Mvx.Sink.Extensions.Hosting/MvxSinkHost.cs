using System.Collections.Concurrent;
using System.ComponentModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Mvx.Sink.Extensions.Hosting;

/// <summary>
/// Creates a host's sinks in its <see cref="SinkRegistry"/>, each once: when the host starts, or before, when somebody asks for one. Disposed with
/// its container, it terminates them. Any thread.
/// </summary>
public sealed class MvxSinkHost : IDisposable, IAsyncDisposable
{
    private static readonly TimeSpan _leastTime = TimeSpan.FromSeconds(1);

    private readonly SinkRegistrations _registrations;
    private readonly IServiceProvider _services;
    private readonly IConfiguration? _configuration;
    private readonly Dictionary<SinkRegistration, Action<List<string>>> _checks;
    private readonly ConcurrentDictionary<string, Lazy<Task<ISinkLifecycle>>> _creations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Func<long>> _intendedLoss = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    // Under the lock.
    private readonly Dictionary<string, ISinkLifecycle> _created = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Action<ISinkLifecycle>> _whenCreated = new(StringComparer.Ordinal);

    private volatile bool _hasStopped;

    internal MvxSinkHost(SinkRegistrations registrations, SinkRegistry registry, IServiceProvider services)
    {
        _registrations = registrations;
        _services = services;

        // Had now: a sink whose first entry comes shortly before the container is disposed is created when its services are to be had no more.
        _configuration = services.GetService<IConfiguration>();
        _checks = registrations.All.ToDictionary(static registration => registration, registration => registration.ChecksOf(services));
        Registry = registry;
        if (registrations.TimesDispatches)
            registry.TimeDispatches();
    }

    /// <summary>Where the sinks are.</summary>
    public SinkRegistry Registry { get; }

    /// <summary>The names of the sinks the host is to have, in the order in which they were added.</summary>
    public IReadOnlyList<string> Names => [.. _registrations.All.Select(static registration => registration.Name)];

    /// <summary>Whether the host has stopped its sinks. One that is needed afterwards, by a service that is being disposed, may be started again.</summary>
    public bool HasStopped => _hasStopped;

    /// <summary>Gives a sink, creating it if it does not exist. Blocks until it runs.</summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <param name="name">Its name.</param>
    /// <returns>The running sink.</returns>
    /// <exception cref="InvalidOperationException">There is no such sink, it is of another type, or its creation failed.</exception>
    /// <exception cref="OptionsValidationException">Its configuration has faults.</exception>
    public TSink Get<TSink>(string name)
        where TSink : class, ISinkLifecycle =>
        GetAsync(name).GetAwaiter().GetResult() as TSink
            ?? throw new InvalidOperationException($"The sink \"{name}\" is not a {typeof(TSink).Name}; it was added as {_registrations.Find(name)!.Kind}.");

    /// <summary>Gives a sink, creating it on the thread pool if it does not exist. Does not block.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>A task of the running sink, or of what went wrong, which every later call gets too.</returns>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public Task<ISinkLifecycle> GetAsync(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _creations.GetOrAdd(name, static (name, host) => new Lazy<Task<ISinkLifecycle>>(() => host.CreateAsync(name)), this).Value;
    }

    /// <summary>Has something done with a sink as soon as it runs, before anybody else gets it; at once if it exists. Does not create it.</summary>
    /// <param name="name">The sink's name.</param>
    /// <param name="action">What is done, on the thread that creates the sink. It must neither block nor throw.</param>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public void WhenCreated(string name, Action<ISinkLifecycle> action)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(action);
        ISinkLifecycle? sink;
        lock (_lock)
        {
            if (!_created.TryGetValue(name, out sink))
            {
                _whenCreated[name] = _whenCreated.TryGetValue(name, out Action<ISinkLifecycle>? others) ? others + action : action;
                return;
            }
        }

        action(sink);
    }

    /// <summary>Lets the health check know of events that a sink's ledger counts as lost on purpose, such as those a reentrancy guard drops.</summary>
    /// <param name="name">The sink's name.</param>
    /// <param name="count">Counts them. Any thread calls it; it must not throw.</param>
    [EditorBrowsable(EditorBrowsableState.Advanced)]
    public void SetIntendedLoss(string name, Func<long> count)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(count);
        _intendedLoss[name] = count;
    }

    /// <summary>
    /// Terminates the sinks. What their stops throw goes to <see cref="SinkDiagnostics.InternalError"/>: an exception here would keep the container from disposing
    /// its other services.
    /// </summary>
    public void Dispose()
    {
        try
        {
            Registry.Dispose();
        }
        catch (SinkCloseException error)
        {
            SinkDiagnostics.Report("disposing a host's sinks", error);
        }
    }

    /// <summary>Like <see cref="Dispose"/>, without blocking the caller.</summary>
    /// <returns>A task that completes when the sinks' threads are gone.</returns>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await Registry.DisposeAsync().ConfigureAwait(false);
        }
        catch (SinkCloseException error)
        {
            SinkDiagnostics.Report("disposing a host's sinks", error);
        }
    }

    internal long IntendedLossOf(string name) => _intendedLoss.TryGetValue(name, out Func<long>? count) ? count() : 0;

    /// <summary>What made the creation of a sink fail, or null.</summary>
    internal Exception? FailureOf(string name) =>
        _creations.TryGetValue(name, out Lazy<Task<ISinkLifecycle>>? creation) && creation is { IsValueCreated: true, Value.IsFaulted: true }
            ? creation.Value.Exception!.GetBaseException()
            : null;

    /// <summary>Finds all faults of all configurations at once, before any sink touches a resource.</summary>
    internal void Validate()
    {
        var failures = new List<string>();
        string sectionName = _registrations.Options.SectionName;
        foreach (SinkRegistration registration in _registrations.All)
        {
            registration.Validate(_configuration, sectionName, failures);
            ChecksOf(registration)(failures);
        }

        string[] configured = [.. _registrations.All.Where(static registration => registration.IsConfigured).Select(static registration => registration.Name)];
        foreach (IConfigurationSection section in _configuration?.GetSection(sectionName).GetChildren() ?? [])
        {
            if (!configured.Contains(section.Key, StringComparer.OrdinalIgnoreCase))
                failures.Add($"{section.Path} configures no sink: none that takes a configuration has been added as \"{section.Key}\"; added: {(configured.Length == 0 ? "none" : string.Join(", ", configured))}.");
        }

        if (failures.Count > 0)
            throw new OptionsValidationException(sectionName, typeof(MvxSinksOptions), failures);
    }

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        Validate();
        foreach (string name in Names)
            await GetAsync(name).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Stops all sinks at once, flushing them, for as long as the host allows.</summary>
    internal async Task StopAsync(CancellationToken cancellationToken)
    {
        _hasStopped = true;
        (string Name, Task<SinkException?> Stop)[] stops = [.. Created().Reverse().Select(static sink => (sink.Name, StopAsync(sink.Sink)))];
        Task all = Task.WhenAll(stops.Select(static stop => stop.Stop));
        try
        {
            // When others, a request that never ends, say, have used the time up, a healthy sink still gets what it needs to drain.
            await (cancellationToken.IsCancellationRequested ? all.WaitAsync(_leastTime, CancellationToken.None) : all.WaitAsync(cancellationToken)).ConfigureAwait(false);
        }
        catch (Exception outOfTime) when (outOfTime is OperationCanceledException or TimeoutException)
        {
            string[] late = [.. stops.Where(static stop => !stop.Stop.IsCompleted).Select(stop => $"\"{stop.Name}\" ({LedgerOf(stop.Name)})")];

            // What they have left is handed over and counted, so that the ledgers tell the loss; disposing the container waits for that.
            foreach ((_, ISinkLifecycle sink) in Created())
                _ = (sink as ILoopBound)?.Stop(TimeSpan.Zero);
            throw new TimeoutException($"The host's shutdown time was over before these sinks had delivered everything: {string.Join("; ", late)}. Raise HostOptions.ShutdownTimeout, or find out what holds their backends up.", outOfTime);
        }

        (string Name, SinkException Error)[] failed = [.. stops.Where(static stop => stop.Stop.Result is not null).Select(static stop => (stop.Name, stop.Stop.Result!))];
        if (failed.Length > 0)
            throw new SinkCloseException(string.Join(", ", failed.Select(static stop => stop.Name)), [.. failed.Select(static stop => (Exception)stop.Error)]);
    }

    /// <summary>None for one that was added when the container was built already.</summary>
    private Action<List<string>> ChecksOf(SinkRegistration registration) => _checks.GetValueOrDefault(registration, static _ => { });

    private static async Task<SinkException?> StopAsync(ISinkLifecycle sink)
    {
        while (true)
        {
            switch (sink.State)
            {
                case SinkState.Starting:
                    await sink.Start();
                    break;
                case SinkState.Running or SinkState.Stopping:
                    SinkOperationResult stopped = await sink.Stop();
                    if (stopped.Error is not InvalidSinkStateException)
                        return stopped.Error;
                    break; // it ended by itself between the look and the stop: look again
                default:
                    return null;
            }
        }
    }

    private Task<ISinkLifecycle> CreateAsync(string name)
    {
        SinkRegistration? registration = _registrations.Find(name);
        if (registration is null)
            return Task.FromException<ISinkLifecycle>(new InvalidOperationException($"There is no sink \"{name}\"; added: {(Names.Count == 0 ? "none" : string.Join(", ", Names))}."));

        // A thread of its own, because creating waits for the backend; and without the flow of whoever happened to ask first.
        if (ExecutionContext.IsFlowSuppressed())
            return CreateElsewhere(registration);
        using (ExecutionContext.SuppressFlow())
            return CreateElsewhere(registration);
    }

    private Task<ISinkLifecycle> CreateElsewhere(SinkRegistration registration) => Task.Factory.StartNew(
        () => Create(registration),
        CancellationToken.None,
        TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
        TaskScheduler.Default);

    private ISinkLifecycle Create(SinkRegistration registration)
    {
        ISinkLifecycle sink = registration.Create(_services, _configuration, _registrations.Options.SectionName, Registry, ChecksOf(registration));
        Action<ISinkLifecycle>? whenCreated;
        lock (_lock)
        {
            _created[registration.Name] = sink;
            _whenCreated.Remove(registration.Name, out whenCreated);
        }

        whenCreated?.Invoke(sink);
        return sink;
    }

    private IEnumerable<(string Name, ISinkLifecycle Sink)> Created()
    {
        foreach (string name in Registry.Names)
        {
            if (Registry.TryGet(name, out ISinkLifecycle? sink))
                yield return (name, sink);
        }
    }

    private string LedgerOf(string name) => Registry.TryGet(name, out ISinkLifecycle? sink) ? sink.Ledger.ToString() : "gone";
}
