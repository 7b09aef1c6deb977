namespace Mvx.Sink.Runtime;

/// <summary>
/// Where errors go that have no caller: a throwing observer, a throwing clean-up, events lost with nobody to take them; and under what name the sinks' figures are
/// found.
/// </summary>
public static class SinkDiagnostics
{
    /// <summary>The key in <see cref="Exception.Data"/> under which a reported exception says where it came from.</summary>
    public const string ContextKey = "Mvx.Sink.Context";

    /// <summary>The name of the meter (of <c>System.Diagnostics.Metrics</c>) that counts and times the events of every sink (rule O5): give it to <c>AddMeter</c>.</summary>
    public const string MeterName = "Mvx.Sink";

    private static Action<Exception> _internalError = WriteToStandardError;

    /// <summary>
    /// Called with each internal error, on whatever thread it happened on; it should return soon. What it throws is swallowed. The default
    /// writes one line to standard error; null restores that default.
    /// </summary>
    public static Action<Exception>? InternalError
    {
        get => Volatile.Read(ref _internalError);
        set => Volatile.Write(ref _internalError, value ?? WriteToStandardError);
    }

    /// <summary>Reports an error that has no caller. Infallible.</summary>
    internal static void Report(string context, Exception error)
    {
        try
        {
            error.Data[ContextKey] = context;
        }
        catch (Exception)
        {
            // An exception with a read-only Data still gets reported.
        }

        try
        {
            Volatile.Read(ref _internalError)(error);
        }
        catch (Exception)
        {
            // The hook is the last resort; there is nowhere left to report to.
        }
    }

    private static void WriteToStandardError(Exception error)
    {
        string message = $"{error.GetType().Name}: {ErrorText.Of(error)}".ReplaceLineEndings(" ");
        Console.Error.WriteLine($"Mvx.Sink: {error.Data[ContextKey] ?? "internal error"}: {message}");
    }
}
