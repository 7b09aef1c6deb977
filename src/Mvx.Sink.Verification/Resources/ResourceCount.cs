using System.Diagnostics;

namespace Mvx.Sink.Verification;

/// <summary>What the process holds right now.</summary>
internal readonly record struct ResourceCount(int Threads, int Handles, int Sockets, int Timers, int PoolWork, int Backend)
{
    private const string DescriptorFolder = "/proc/self/fd";
    private const string ThreadFolder = "/proc/self/task";

    /// <summary>Whether sockets can be told from other handles here.</summary>
    public static bool TellsSockets { get; } = Directory.Exists(DescriptorFolder);

    /// <param name="openInBackend">Counts what a backend has open.</param>
    public static ResourceCount Now(Func<int>? openInBackend = null)
    {
        (int handles, int sockets) = TellsSockets ? CountDescriptors() : (CountHandles(), 0);
        int threads = Directory.Exists(ThreadFolder) ? Directory.GetDirectories(ThreadFolder).Length : CountThreads();
        ThreadPool.GetMaxThreads(out int most, out _);
        ThreadPool.GetAvailableThreads(out int available, out _);
        // The pool's own threads come and go by its own rules, so they are not counted; what they are busy with is.
        return new ResourceCount(threads - ThreadPool.ThreadCount, handles, sockets, (int)Timer.ActiveCount, most - available + (int)ThreadPool.PendingWorkItemCount, openInBackend?.Invoke() ?? 0);
    }

    public int Of(ResourceKind kind) => kind switch
    {
        ResourceKind.Threads => Threads,
        ResourceKind.Handles => Handles,
        ResourceKind.Sockets => Sockets,
        ResourceKind.Timers => Timers,
        ResourceKind.Backend => Backend,
        _ => PoolWork,
    };

    private static (int Handles, int Sockets) CountDescriptors()
    {
        int handles = 0;
        int sockets = 0;
        foreach (string path in Directory.GetFiles(DescriptorFolder))
        {
            try
            {
                if (File.ResolveLinkTarget(path, returnFinalTarget: false)?.Name.StartsWith("socket:", StringComparison.Ordinal) == true)
                    sockets++;
                else
                    handles++;
            }
            catch (IOException)
            {
                // Closed meanwhile; the listing's own descriptor always is.
            }
        }

        return (handles, sockets);
    }

    private static int CountHandles()
    {
        using var process = Process.GetCurrentProcess();
        return process.HandleCount;
    }

    private static int CountThreads()
    {
        using var process = Process.GetCurrentProcess();
        return process.Threads.Count;
    }
}
