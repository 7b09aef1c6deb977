namespace Mvx.Sink.Runtime;

/// <summary>
/// What an event says, made when somebody first asks. Whoever hands one to an event vouches that nothing it is made of can change any more, so that when it is
/// made makes no difference. Any thread may ask; two that do so at once may both make it, and get the same.
/// </summary>
internal abstract class LogContent
{
    private string? _message;
    private LogPayload? _payload;

    /// <summary>A text for people.</summary>
    public string? Message => _message ??= MakeMessage();

    /// <summary>Named values.</summary>
    public LogPayload Payload => _payload ??= MakePayload();

    /// <summary>Must not throw.</summary>
    protected abstract string? MakeMessage();

    /// <summary>Must not throw.</summary>
    protected abstract LogPayload MakePayload();
}
