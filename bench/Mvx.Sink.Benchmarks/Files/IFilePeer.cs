namespace Mvx.Sink.Benchmarks.Files;

/// <summary>A way to get events into a file as JSON, one object per line.</summary>
internal interface IFilePeer : IDisposable
{
    /// <summary>Makes that many events ready, in the library's own type, with the content of <see cref="FileEventContent"/>.</summary>
    void Prepare(int count);

    /// <summary>Opens the file.</summary>
    void Open(string path);

    /// <summary>Logs every prepared event once.</summary>
    void LogAll();

    /// <summary>Returns when every line is with the operating system and the file is closed.</summary>
    void Close();
}
