using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Mvx.Sink.Runtime;

/// <summary>Named sinks, created once each and terminated together (rules R1–R6, O6). Any thread.</summary>
public sealed partial class SinkRegistry : IDisposable, IAsyncDisposable
{
    private readonly Lock _lock = new();

    // Under the lock, which is never held while user code runs.
    private readonly Dictionary<string, RegisteredSink> _sinks = new(StringComparer.Ordinal);
    private bool _disposed;

    private readonly RegistryFeed _feed = new(TimeProvider.System);

    private long _created;

    private volatile bool _timesDispatches;

    /// <summary>The names of the sinks there are, in the order of their creation.</summary>
    public IReadOnlyList<string> Names => [.. Entries().Where(static entry => entry.Value.Sink is not null).Select(static entry => entry.Key)];

    /// <summary>
    /// What happens to the registry's sinks (rule O6). To a new subscriber first each sink there is, with its state, before Subscribe returns; then every sink that is
    /// created, each of its transitions, and its end. Completes when the registry is disposed. Observers are called on threads of their own; a slow one misses events and is
    /// told how many (rule O3).
    /// </summary>
    public IObservable<SinkRegistryEvent> Lifecycle => _feed;

    /// <summary>
    /// Gives the sink of that name: the one there is, if its descriptor is equal to the requested one, else a new, running one on a thread of its own. Blocks
    /// while it is created; concurrent calls with one name create it once.
    /// </summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <typeparam name="TConfig">Its configuration.</typeparam>
    /// <param name="name">The name: a letter, then letters, digits, <c>_</c> and <c>-</c>.</param>
    /// <param name="config">The configuration.</param>
    /// <returns>The sink.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="SinkConfigurationConflictException">The name belongs to a sink with another descriptor.</exception>
    /// <exception cref="SinkDescriptorBuildException">Building the descriptor failed; nothing was created.</exception>
    /// <exception cref="SinkCreationException">Creating the sink failed; the message has the name, and nothing is left behind.</exception>
    /// <exception cref="ObjectDisposedException">The registry is disposed.</exception>
    /// <exception cref="InvalidOperationException">Called from within the creation of the very sink.</exception>
    public TSink Configure<TSink, TConfig>(string name, TConfig config)
        where TSink : ISinkLifecycle, IDescribedSink<TSink, TConfig>
    {
        ThrowIfMalformed(name);
        ArgumentNullException.ThrowIfNull(config);
        return Configure(name, Describe<TSink, TConfig>(name, config), () => TSink.Create(config));
    }

    /// <summary>
    /// Like <see cref="Configure{TSink,TConfig}(string,TConfig)"/>, for a sink that takes more than a configuration to create: services from a container, say.
    /// </summary>
    /// <typeparam name="TSink">The type of the sink.</typeparam>
    /// <param name="name">The name: a letter, then letters, digits, <c>_</c> and <c>-</c>.</param>
    /// <param name="descriptor">What it is: equal descriptors under one name mean the same sink.</param>
    /// <param name="create">Creates the running sink; called at most once, and not when there is one of an equal descriptor.</param>
    /// <returns>The sink.</returns>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">The name is malformed.</exception>
    /// <exception cref="SinkConfigurationConflictException">The name belongs to a sink with another descriptor.</exception>
    /// <exception cref="SinkCreationException">Creating the sink failed; the message has the name, and nothing is left behind.</exception>
    /// <exception cref="ObjectDisposedException">The registry is disposed.</exception>
    public TSink Configure<TSink>(string name, SinkDescriptor descriptor, Func<ManagedSink<TSink>> create)
        where TSink : ISinkLifecycle
    {
        ThrowIfMalformed(name);
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(create);
        while (true)
        {
            RegisteredSink entry = EntryOf(name);
            // Whoever closes this sink holds the lock and waits for the sink's own thread; so that thread must not wait for the lock.
            if (entry.IsOnItsLoop)
                return Existing<TSink>(name, descriptor, entry);
            TSink sink;
            if (!entry.TryBeginWait(out RegisteredSink? waiter))
                throw new InvalidOperationException($"The sink \"{name}\" is being created, and that creation waits for this Configure: it would wait for itself. Configure it before, or log to it after.");
            try
            {
                lock (entry.CreationLock)
                {
                    if (entry.IsForgotten)
                        continue;
                    if (entry.Sink is not null)
                        return Existing<TSink>(name, descriptor, entry);
                    sink = Create(name, descriptor, create, entry);
                }
            }
            finally
            {
                RegisteredSink.EndWait(waiter);
            }

            _feed.Follow(entry.Follower!);
            return sink;
        }
    }

    /// <summary>Looks up a sink by name. Does not block.</summary>
    /// <typeparam name="TSink">The type it is expected to have.</typeparam>
    /// <param name="name">The name.</param>
    /// <param name="sink">The sink, if there is one of that name and type.</param>
    /// <returns>Whether there is.</returns>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public bool TryGet<TSink>(string name, [NotNullWhen(true)] out TSink? sink)
    {
        ArgumentNullException.ThrowIfNull(name);
        lock (_lock)
        {
            if (_sinks.TryGetValue(name, out RegisteredSink? entry) && entry.Sink is TSink found)
            {
                sink = found;
                return true;
            }
        }

        sink = default;
        return false;
    }

    /// <summary>Terminates the sink of that name, flushing it, and forgets it. Blocks until its thread is gone.</summary>
    /// <param name="name">The name.</param>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    /// <exception cref="SinkCloseException">Its stop failed; it is forgotten all the same.</exception>
    /// <exception cref="InvalidOperationException">Called on the sink's own loop thread; it stays registered.</exception>
    public bool Close(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        RegisteredSink? entry;
        lock (_lock)
            _sinks.TryGetValue(name, out entry);
        if (entry is null || !Terminate(name, entry, out Exception? error))
            return false;
        if (error is null)
            return true;
        throw entry.IsForgotten ? new SinkCloseException(name, [error]) : error;
    }

    /// <summary>Terminates all sinks, the last created first, and forgets them. Blocks until their threads are gone.</summary>
    /// <exception cref="SinkCloseException">
    /// Some stops failed: all of their errors are in it, and all sinks are forgotten, except one on whose own loop thread this was called.
    /// </exception>
    public void Reset()
    {
        var errors = new List<Exception>();
        var names = new List<string>();
        foreach ((string name, RegisteredSink entry) in Entries().Reverse())
        {
            Terminate(name, entry, out Exception? error);
            if (error is not null)
            {
                errors.Add(error);
                names.Add(name);
            }
        }

        if (errors.Count > 0)
            throw new SinkCloseException(string.Join(", ", names), errors);
    }

    /// <summary>Resets, for good: <see cref="Configure{TSink,TConfig}(string,TConfig)"/> then throws <see cref="ObjectDisposedException"/>.</summary>
    /// <exception cref="SinkCloseException">Some stops failed.</exception>
    public void Dispose()
    {
        lock (_lock)
            _disposed = true;
        try
        {
            Reset();
        }
        finally
        {
            _feed.Dispose();
        }
    }

    /// <summary>Like <see cref="Dispose"/>, without blocking the caller while the sinks flush and stop.</summary>
    /// <returns>A task that completes when all threads are gone.</returns>
    /// <exception cref="SinkCloseException">Some stops failed.</exception>
    public ValueTask DisposeAsync() => new(SinkShutdown.RunAsync(Dispose));

    /// <summary>From now on the dispatches of all sinks, those to come too, are timed, so that whoever looks later knows how long one has gone on.</summary>
    internal void TimeDispatches()
    {
        if (_timesDispatches)
            return;
        _timesDispatches = true;
        foreach ((_, RegisteredSink entry) in Entries())
            BeginTiming(entry.Sink);
    }

    private static void BeginTiming(ISinkLifecycle? sink) => (sink as ILoopBound)?.DispatchAge();

    private static SinkDescriptor Describe<TSink, TConfig>(string name, TConfig config)
        where TSink : ISinkLifecycle, IDescribedSink<TSink, TConfig>
    {
        SinkDescriptor? descriptor;
        try
        {
            descriptor = TSink.BuildDescriptor(config);
        }
        catch (Exception error)
        {
            throw new SinkDescriptorBuildException(name, $"BuildDescriptor of {typeof(TSink).Name} threw for the sink \"{name}\", so nothing was created: {ErrorText.Of(error)}", error);
        }

        return descriptor ?? throw new SinkDescriptorBuildException(name, $"BuildDescriptor of {typeof(TSink).Name} returned null for the sink \"{name}\"; it must return a descriptor.", null);
    }

    private static TSink Existing<TSink>(string name, SinkDescriptor requested, RegisteredSink entry) =>
        entry.Sink is TSink sink && requested.Equals(entry.Descriptor)
            ? sink
            : throw new SinkConfigurationConflictException(name, entry.Descriptor!, requested);

    private static void ThrowIfMalformed(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!NamePattern().IsMatch(name))
            throw new ArgumentException($"\"{name}\" is not a sink name: it must be a letter followed by letters, digits, '_' and '-'.", nameof(name));
    }

    [GeneratedRegex(@"^[A-Za-z][A-Za-z0-9_-]*\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();

    private RegisteredSink EntryOf(string name)
    {
        lock (_lock)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_sinks.TryGetValue(name, out RegisteredSink? entry))
                _sinks.Add(name, entry = new RegisteredSink { Name = name });
            return entry;
        }
    }

    private TSink Create<TSink>(string name, SinkDescriptor descriptor, Func<ManagedSink<TSink>> create, RegisteredSink entry)
        where TSink : ISinkLifecycle
    {
        try
        {
            // Once more, now that disposing has to wait for this creation: it may have looked before the lock was taken.
            lock (_lock)
                ObjectDisposedException.ThrowIf(_disposed, this);
            ManagedSink<TSink> managed = RunCreate(entry, create)
                ?? throw new InvalidOperationException($"Create of {typeof(TSink).Name} returned null.");
            entry.Descriptor = descriptor;
            entry.Terminate = managed.Terminate;
            entry.OnItsLoop = managed.IsOnLoop;
            entry.Order = Interlocked.Increment(ref _created);
            entry.Follower = _feed.Add(name, managed.Sink);
            entry.Sink = managed.Sink;
            if (_timesDispatches)
                BeginTiming(managed.Sink);
            return managed.Sink;
        }
        catch (ObjectDisposedException) when (_disposed)
        {
            Forget(name, entry);
            throw;
        }
        catch (Exception error)
        {
            Forget(name, entry);
            throw new SinkCreationException($"The sink \"{name}\" was not created: {ErrorText.Of(error)}", error is SinkCreationException { InnerException: { } cause } ? cause : error);
        }
    }

    /// <summary>Creates, and marks meanwhile that this thread does.</summary>
    private static ManagedSink<TSink>? RunCreate<TSink>(RegisteredSink entry, Func<ManagedSink<TSink>> create)
        where TSink : ISinkLifecycle
    {
        RegisteredSink? outer = RegisteredSink.InCreation;
        RegisteredSink.InCreation = entry;
        try
        {
            return create();
        }
        finally
        {
            RegisteredSink.InCreation = outer;
        }
    }

    /// <summary>All entries in the order of creation; those still being created come last.</summary>
    private KeyValuePair<string, RegisteredSink>[] Entries()
    {
        lock (_lock)
            return [.. _sinks.OrderBy(static entry => entry.Value.Sink is null ? long.MaxValue : entry.Value.Order)];
    }

    /// <summary>Terminates and forgets; false when somebody else already has. Waits for a creation in progress.</summary>
    private bool Terminate(string name, RegisteredSink entry, out Exception? error)
    {
        error = null;
        if (entry.IsOnItsLoop)
        {
            // Not terminated, so not forgotten.
            error = new InvalidOperationException($"The sink \"{name}\" cannot be closed on its own loop thread, from a hook or a dispatch: it would wait for itself. Close it from outside.");
            return true;
        }

        if (!entry.TryBeginWait(out RegisteredSink? waiter))
        {
            error = new InvalidOperationException($"The sink \"{name}\" cannot be closed from within its own creation, which would wait for itself.");
            return true;
        }

        try
        {
            lock (entry.CreationLock)
            {
                if (entry.IsForgotten || entry.Terminate is null)
                    return false;
                try
                {
                    entry.Terminate();
                }
                catch (Exception stopError)
                {
                    // A SinkException, or anything that a lifecycle which is not ours throws.
                    error = stopError;
                }

                Forget(name, entry);
            }
        }
        finally
        {
            RegisteredSink.EndWait(waiter);
        }

        _feed.Close(entry.Follower!);
        return true;
    }

    private void Forget(string name, RegisteredSink entry)
    {
        entry.IsForgotten = true;
        lock (_lock)
            _sinks.Remove(name);
    }
}
