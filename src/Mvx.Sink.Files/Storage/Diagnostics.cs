namespace Mvx.Sink.Files.Storage;

/// <summary>Reports what is wrong but fails nothing. Infallible.</summary>
internal static class Diagnostics
{
    public static void Report(Exception error)
    {
        try
        {
            error.Data[SinkDiagnostics.ContextKey] = "file sink";
            SinkDiagnostics.InternalError?.Invoke(error);
        }
        catch (Exception)
        {
            // The hook is the last resort; there is nowhere left to report to.
        }
    }
}
