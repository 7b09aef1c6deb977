namespace Mvx.Sink.Samples.Monitoring;

/// <summary>One thing to tell: a transition, or a loss.</summary>
internal sealed record News(DateTimeOffset At, string Sink, string Text, bool IsLoss);
