using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Mvx.Sink.Extensions.Logging;

namespace Mvx.Sink.Integration.ExtensionsLogging;

/// <summary>Only what is known to be pure is formatted later; each test changes what the text depends on before anybody has read it.</summary>
public sealed partial class PurityTests
{
    private static string _mood = "before";

    [Fact]
    public async Task A_struct_of_the_applications_is_captured_at_the_call()
    {
        using var fixture = new LoggerFixture();
        var holder = new int[] { 1 };
        Placed(fixture.Logger, new Reference(holder), new Moody());
        fixture.Logger.LogInformation("{Reference} {Moody}", new Reference(holder), new Moody());
        await fixture.Sink.FlushAsync();
        holder[0] = 2;
        WithMood("after", () =>
        {
            foreach (LogEvent entry in fixture.Sink.Delivered)
            {
                Assert.Equal("1 before", entry.Message!.Split(": ")[^1]);
                Assert.Equal("1", entry.Payload["Reference"]!.ToString());
                Assert.Equal("before", entry.Payload["Moody"]!.ToString());
            }
        });
    }

    [Fact]
    public async Task A_formatter_without_variables_of_its_own_may_read_others_and_is_called_at_once()
    {
        using var fixture = new LoggerFixture();
        fixture.Logger.Log(LogLevel.Information, default, 5, null, static (state, _) => string.Create(CultureInfo.InvariantCulture, $"{state} {_mood}"));
        LogEvent entry = await fixture.SingleAsync();
        WithMood("after", () => Assert.Equal("5 before", entry.Message));
    }

    [Fact]
    public async Task A_known_state_with_somebody_elses_formatter_is_formatted_at_once()
    {
        using var fixture = new LoggerFixture();
        Order(new Wrapping(fixture.Logger), 7);
        LogEvent entry = await fixture.SingleAsync();
        WithMood("after", () => Assert.Equal("before: order 7", entry.Message));
        Assert.Equal(7, entry.Payload["Id"]);
    }

    [Fact]
    public async Task An_object_derived_from_an_immutable_one_is_not_taken_for_it()
    {
        using var fixture = new LoggerFixture();
        fixture.Logger.LogInformation("{Where}", new MoodyUri());
        LogEvent entry = await fixture.SingleAsync();
        WithMood("after", () => Assert.Equal("before", entry.Payload["Where"]!.ToString()));
    }

    [Fact]
    public void What_is_read_later_is_known_by_its_type()
    {
        var spy = new Spy();
        Order(spy, 1);
        Ready(spy);
        Eight(spy, 1, "b", 3, DayOfWeek.Monday, 5, DateTimeOffset.UnixEpoch, null, Guid.Empty);
        spy.LogInformation("{A}", 1);
        Assert.Equal([StateKind.Immutable, StateKind.Immutable, StateKind.Immutable, StateKind.Template], spy.Kinds);
        spy.Kinds.Clear();
        Placed(spy, new Reference([1]), new Moody());
        EightOfOurs(spy, 1, 2, 3, 4, 5, 6, 7, new Plain(8));
        spy.Log(LogLevel.Information, default, new Plain(1), null, static (_, _) => "");
        spy.Log(LogLevel.Information, default, 5, null, static (_, _) => "");
        Assert.All(spy.Kinds, static kind => Assert.Equal(StateKind.Unknown, kind));
    }

    private static void WithMood(string mood, Action action)
    {
        _mood = mood;
        try
        {
            action();
        }
        finally
        {
            _mood = "before";
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "Placed: {Reference} {Moody}")]
    private static partial void Placed(ILogger logger, Reference reference, Moody moody);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "order {Id}")]
    private static partial void Order(ILogger logger, int id);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "Ready")]
    private static partial void Ready(ILogger logger);

    [LoggerMessage(EventId = 4, Level = LogLevel.Information, Message = "{A} {B} {C} {D} {E} {F} {G} {H}")]
    private static partial void Eight(ILogger logger, int a, string b, long c, DayOfWeek d, double e, DateTimeOffset f, int? g, Guid h);

    [LoggerMessage(EventId = 5, Level = LogLevel.Information, Message = "{A} {B} {C} {D} {E} {F} {G} {H}")]
    private static partial void EightOfOurs(ILogger logger, int a, int b, int c, int d, int e, int f, int g, Plain h);

    private readonly struct Reference(int[] holder)
    {
        public override string ToString() => holder[0].ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Nothing but numbers inside, and yet not pure.</summary>
    private readonly record struct Moody
    {
        public override string ToString() => _mood;
    }

    private readonly record struct Plain(int Number);

    private sealed class MoodyUri() : Uri("http://localhost/")
    {
        public override string ToString() => _mood;
    }

    /// <summary>A logger that adds something to every message, as wrappers do.</summary>
    private sealed class Wrapping(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            inner.Log(logLevel, eventId, state, exception, static (state, _) => $"{_mood}: {state}");
    }

    private sealed class Spy : ILogger
    {
        public List<StateKind> Kinds { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Debug.Assert(formatter is not null, "The abstractions give one.");
            Kinds.Add(StateTraits<TState>.Value.Kind);
        }
    }
}
