namespace Mvx.Sink.Runtime;

/// <summary>The message of an exception that nobody vouches for. Infallible.</summary>
internal static class ErrorText
{
    /// <summary>Its message; where that throws too, a text that says so.</summary>
    public static string Of(Exception? error)
    {
        try
        {
            return error?.Message ?? "";
        }
        catch (Exception thrown)
        {
            return $"({error!.GetType().Name}, whose Message threw {thrown.GetType().Name})";
        }
    }
}
