namespace Mvx.Sink.Runtime;

/// <summary>An event that can tell its observer how many came before it that the observer did not get.</summary>
internal interface IMissable<out TSelf>
{
    TSelf WithMissed(long missed);
}
