using System.Text;

namespace VerifyCSharp;

/// <summary>A file in memory whose writes can be made to fail.</summary>
// <disk>
public sealed class TestDisk
{
    private readonly List<byte> _content = [];

    public bool IsBroken { get; set; }

    public string[] Lines => Encoding.UTF8.GetString([.. _content]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public Stream Open() => new TestStream(this);

    public void Clear() => _content.Clear();

    private sealed class TestStream(TestDisk disk) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (disk.IsBroken)
                throw new IOException("The disk is broken.");
            disk._content.AddRange(buffer);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
// </disk>
