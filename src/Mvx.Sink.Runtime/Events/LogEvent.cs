using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Runtime;

/// <summary>One log event, prepared and immutable. Only level, name and timestamp are required.</summary>
public sealed record LogEvent
{
    // Each is either what was given or the content that makes it. One field for both, so that 'with' and init replace one by the other.
    private readonly object? _message;
    private readonly object? _payload;

    // A log call pays for each byte of its event, so what is small is packed, and what most events do not have is elsewhere.
    private readonly long _clockTicks;
    private readonly short _offsetMinutes;
    private readonly short _level;
    private readonly LogEventExtra? _extra;

    /// <summary>Creates an event whose properties the initializer sets.</summary>
    public LogEvent()
    {
    }

    /// <summary>Creates an event as a logger makes it: the level is one of the enum's, the name is not empty, message and payload are not made yet.</summary>
    [SetsRequiredMembers]
    internal LogEvent(LogEventLevel level, string name, DateTimeOffset timestamp, string? category, LogContent content, Exception? exception)
    {
        _level = (short)level;
        Name = name;
        (_clockTicks, _offsetMinutes) = (timestamp.Ticks, (short)timestamp.TotalOffsetMinutes);
        Namespace = category;
        _message = content;
        _payload = content;
        if (exception is not null)
            _extra = new LogEventExtra { Exception = exception };
    }

    // What 'with' begins with.
    [SetsRequiredMembers]
    private LogEvent(LogEvent original)
    {
        _level = original._level;
        Name = original.Name;
        (_clockTicks, _offsetMinutes) = (original._clockTicks, original._offsetMinutes);
        Namespace = original.Namespace;
        _message = original._message;
        _payload = original._payload;
        _extra = original._extra?.Copy();
    }

    /// <summary>How severe it is.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a level.</exception>
    public required LogEventLevel Level
    {
        get => (LogEventLevel)_level;
        init => _level = value is LogEventLevel.Debug or LogEventLevel.Information or LogEventLevel.Warning or LogEventLevel.Error or LogEventLevel.Critical
            ? (short)value
            : throw new ArgumentOutOfRangeException(nameof(Level), value, "Level must be Debug (10), Information (20), Warning (30), Error (40) or Critical (50).");
    }

    /// <summary>What happened, as a stable name, for instance <c>order.placed</c>.</summary>
    /// <exception cref="ArgumentException">The value is null or empty.</exception>
    public required string Name
    {
        get;
        init
        {
            ArgumentException.ThrowIfNullOrEmpty(value, nameof(Name));
            field = value;
        }
    }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Timestamp
    {
        get => new(_clockTicks, TimeSpan.FromMinutes((long)_offsetMinutes));
        init => (_clockTicks, _offsetMinutes) = (value.Ticks, (short)value.TotalOffsetMinutes);
    }

    /// <summary>Where in the application it happened: a component or a category.</summary>
    public string? Namespace { get; init; }

    /// <summary>The kind of event, for instance <c>request</c>.</summary>
    public string? Type
    {
        get => _extra?.Type;
        init
        {
            if (value is not null || _extra is not null)
                (_extra ??= new LogEventExtra()).Type = value;
        }
    }

    /// <summary>How it ended, for instance <c>success</c>.</summary>
    public string? Outcome
    {
        get => _extra?.Outcome;
        init
        {
            if (value is not null || _extra is not null)
                (_extra ??= new LogEventExtra()).Outcome = value;
        }
    }

    /// <summary>The thing it is about.</summary>
    public string? EntityId
    {
        get => _extra?.EntityId;
        init
        {
            if (value is not null || _extra is not null)
                (_extra ??= new LogEventExtra()).EntityId = value;
        }
    }

    /// <summary>A text for people.</summary>
    public string? Message
    {
        get => _message is LogContent content ? content.Message : (string?)_message;
        init => _message = value;
    }

    /// <summary>The exception it tells of.</summary>
    public Exception? Exception
    {
        get => _extra?.Exception;
        init
        {
            if (value is not null || _extra is not null)
                (_extra ??= new LogEventExtra()).Exception = value;
        }
    }

    /// <summary>The source file it was logged from.</summary>
    public string? SourcePath
    {
        get => _extra?.SourcePath;
        init
        {
            if (value is not null || _extra is not null)
                (_extra ??= new LogEventExtra()).SourcePath = value;
        }
    }

    /// <summary>The line in that file, from 1; 0: unknown.</summary>
    public int SourceLine
    {
        get => _extra?.SourceLine ?? 0;
        init
        {
            if (value != 0 || _extra is not null)
                (_extra ??= new LogEventExtra()).SourceLine = value;
        }
    }

    /// <summary>The member it was logged from.</summary>
    public string? SourceMember
    {
        get => _extra?.SourceMember;
        init
        {
            if (value is not null || _extra is not null)
                (_extra ??= new LogEventExtra()).SourceMember = value;
        }
    }

    /// <summary>Named values. What is put in is copied at once: a map changed later does not change the event. Never null.</summary>
    public IReadOnlyDictionary<string, object?> Payload
    {
        get => _payload is LogContent content ? content.Payload : (LogPayload?)_payload ?? LogPayload.Empty;
        init => _payload = LogPayload.Capture(value);
    }

    /// <summary>Creates an event that knows where it was logged from.</summary>
    /// <param name="level">How severe it is.</param>
    /// <param name="name">What happened.</param>
    /// <param name="timestamp">When; null: now by the system's clock.</param>
    /// <param name="message">A text for people.</param>
    /// <param name="payload">Named values; copied.</param>
    /// <param name="exception">The exception it tells of.</param>
    /// <param name="sourcePath">Filled in by the compiler.</param>
    /// <param name="sourceLine">Filled in by the compiler.</param>
    /// <param name="sourceMember">Filled in by the compiler.</param>
    /// <returns>The event.</returns>
    public static LogEvent Create(
        LogEventLevel level,
        string name,
        DateTimeOffset? timestamp = null,
        string? message = null,
        IReadOnlyDictionary<string, object?>? payload = null,
        Exception? exception = null,
        [CallerFilePath] string? sourcePath = null,
        [CallerLineNumber] int sourceLine = 0,
        [CallerMemberName] string? sourceMember = null) => new()
        {
            Level = level,
            Name = name,
            Timestamp = timestamp ?? TimeProvider.System.GetUtcNow(),
            Message = message,
            Payload = payload ?? LogPayload.Empty,
            Exception = exception,
            SourcePath = sourcePath,
            SourceLine = sourceLine,
            SourceMember = sourceMember,
        };

    /// <summary>Whether all properties are equal; payloads by content.</summary>
    /// <param name="other">Another event, or null.</param>
    /// <returns>True when they are.</returns>
    public bool Equals(LogEvent? other) =>
        ReferenceEquals(this, other)
        || (other is not null
            && Level == other.Level
            && Name == other.Name
            && Timestamp == other.Timestamp
            && Namespace == other.Namespace
            && Type == other.Type
            && Outcome == other.Outcome
            && EntityId == other.EntityId
            && Message == other.Message
            && Equals(Exception, other.Exception)
            && SourcePath == other.SourcePath
            && SourceLine == other.SourceLine
            && SourceMember == other.SourceMember
            && Payload.Equals(other.Payload));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Level, Name, Timestamp, Namespace, Message, EntityId);
}
