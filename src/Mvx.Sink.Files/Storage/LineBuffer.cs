using System.Buffers;
using System.Runtime.CompilerServices;

namespace Mvx.Sink.Files.Storage;

/// <summary>Bytes on their way to the file. Grows as needed, is used again and again, and gives back what one huge event made it take.</summary>
internal sealed class LineBuffer(int capacity) : IBufferWriter<byte>
{
    private const int KeptAtMost = 4;

    private byte[] _bytes = new byte[capacity];

    private int _count;

    public int Count => _count;

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    public void Advance(int count) => _count += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        if (_bytes.Length - _count <= sizeHint)
            Reserve(sizeHint);
        return _bytes.AsSpan(_count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _count += bytes.Length;
    }

    public void Append(byte value)
    {
        Reserve(1);
        _bytes[_count++] = value;
    }

    /// <summary>Takes back what came after the first bytes.</summary>
    public void Truncate(int count) => _count = count;

    /// <summary>Takes the first bytes out; what came after them is now first.</summary>
    public void RemoveFirst(int count)
    {
        if (count == Count)
        {
            Clear();
            return;
        }

        _bytes.AsSpan(count, Count - count).CopyTo(_bytes);
        _count -= count;
    }

    public void Clear()
    {
        _count = 0;
        if (_bytes.Length > capacity * KeptAtMost)
            _bytes = new byte[capacity];
    }

    private void Reserve(int room)
    {
        room = Math.Max(room, 1);
        if (_bytes.Length - Count < room)
            Array.Resize(ref _bytes, (int)Math.Min(Array.MaxLength, Math.Max((long)_bytes.Length * 2, (long)Count + room)));
    }
}
