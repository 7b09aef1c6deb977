namespace Mvx.Sink.Files;

/// <summary>A file could not be opened or written. The inner exception is the operating system's answer.</summary>
public sealed class FileSinkException : SinkException
{
    private const int NoSpaceOnDevice = 28;
    private const int QuotaExceededLinux = 122;
    private const int QuotaExceededMac = 69;
    private const int FileTooLarge = 27;
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Creates the error.</summary>
    /// <param name="path">The full path of the file.</param>
    /// <param name="message">What was wrong, what was expected, and how to fix it.</param>
    /// <param name="cause">What the operating system said, or null.</param>
    public FileSinkException(string path, string message, Exception? cause = null)
        : base(
            SinkErrorReason.UnexpectedError,
            message,
            new Dictionary<string, object?>(StringComparer.Ordinal) { ["path"] = path, ["diskFull"] = MeansDiskFull(cause) },
            cause)
    {
        Path = path;
        IsDiskFull = MeansDiskFull(cause);
    }

    /// <summary>The full path of the file.</summary>
    public string Path { get; }

    /// <summary>Whether there was no space left: the disk is full, or a quota or size limit is reached.</summary>
    public bool IsDiskFull { get; }

    internal static FileSinkException Write(string path, Exception cause) => new(
        path,
        MeansDiskFull(cause)
            ? $"There is no space left for \"{path}\": {cause.Message} Free some, or set MaxFileSize and RetainedFiles; then create a new sink."
            : $"Writing to \"{path}\" failed: {cause.Message} Mend the cause, then create a new sink.",
        cause);

    internal static FileSinkException Open(string argument, string path, Exception cause) => new(
        path,
        $"{argument} \"{path}\" cannot be opened for writing: {cause.Message} It must be a file that this process may read and write, in a folder in which it may create files.",
        cause);

    internal static FileSinkException InUse(string argument, string path, string lockPath, Exception cause) => new(
        path,
        $"{argument} \"{path}\" is being written by another sink, of this process or another one, which holds \"{lockPath}\". One file has one writer: give each its own path.",
        cause);

    internal static FileSinkException InUse(string argument, string path) => new(
        path,
        $"{argument} \"{path}\" is being written by another sink, of this process or another one, perhaps under another name. One file has one writer: give each its own path.");

    private static bool MeansDiskFull(Exception? error) => error is IOException
        && (OperatingSystem.IsWindows()
            ? error.HResult is WindowsDiskFull or WindowsHandleDiskFull
            : error.HResult is NoSpaceOnDevice or FileTooLarge || error.HResult == (OperatingSystem.IsMacOS() ? QuotaExceededMac : QuotaExceededLinux));
}
