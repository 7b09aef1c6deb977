namespace Mvx.Sink.Verification;

/// <summary>Knows for how long the calls of <c>Log</c> that one check has made have not returned: a sink that blocks its caller would hold each check for as long as the longest may take.</summary>
internal sealed class CallWatch
{
    private readonly List<Caller> _callers = [];

    /// <summary>Any thread.</summary>
    public Caller Add()
    {
        var caller = new Caller();
        lock (_callers)
            _callers.Add(caller);
        return caller;
    }

    /// <summary>Whether a call that has not returned has lasted longer than this. Any thread.</summary>
    public bool IsAnyLongerThan(TimeSpan bound)
    {
        lock (_callers)
            return _callers.Exists(caller => caller.Since is var since and not 0 && TimeProvider.System.GetElapsedTime(since) > bound);
    }

    /// <summary>One thread at a time that calls Log.</summary>
    internal sealed class Caller
    {
        private long _since;

        /// <summary>When the call began that has not returned; 0: there is none.</summary>
        public long Since => Volatile.Read(ref _since);

        public void Begin(long now) => Volatile.Write(ref _since, now);

        public void End() => Volatile.Write(ref _since, 0);
    }
}
