namespace Mvx.Sink.Verification;

/// <summary>One step of a program.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Count">How many events, turns or milliseconds, where it has a number.</param>
public readonly record struct SinkCommand(SinkCommandKind Kind, int Count = 1)
{
    /// <summary>Whether the number means something.</summary>
    public bool HasCount => Kind is SinkCommandKind.Log or SinkCommandKind.Step or SinkCommandKind.Advance;

    /// <summary>The command as a call on <see cref="SinkProgram"/>.</summary>
    /// <returns>For instance <c>.Log(3)</c>.</returns>
    public override string ToString() => HasCount ? $".{Kind}({Count})" : $".{Kind}()";
}
