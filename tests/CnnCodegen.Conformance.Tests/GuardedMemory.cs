using System.Buffers;

namespace CnnCodegen.Conformance.Tests;

/// <summary>Which end of the block touches an inaccessible page.</summary>
internal enum GuardedEdge
{
    Start,
    End,
}

/// <summary>
/// Elements outside the managed heap that lie flush against an inaccessible page: a kernel that reads or writes beyond that edge,
/// by one byte, faults instead of passing by luck. The other edge is guarded too, less closely, at the next page boundary. A block that
/// ends at the guard starts at a multiple of 64 bytes if its size is one; a block that starts at the guard always does.
/// </summary>
internal sealed unsafe class GuardedMemory<T> : MemoryManager<T>
    where T : unmanaged
{
    private readonly byte* _pages;
    private readonly nuint _length;
    private bool _disposed;

    /// <param name="count">Number of elements, initially zero.</param>
    /// <param name="edge">The edge that is exact to the byte.</param>
    public GuardedMemory(int count, GuardedEdge edge = GuardedEdge.End)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        nuint page = (nuint)Environment.SystemPageSize, bytes = checked((nuint)count * (nuint)sizeof(T));
        nuint inside = Math.Max(1, (bytes + page - 1) / page) * page;
        _length = inside + (2 * page);
        _pages = GuardedPages.Reserve(_length);
        GuardedPages.Open(_pages + page, inside);
        Count = count;
        Pointer = (T*)(edge == GuardedEdge.Start ? _pages + page : _pages + page + inside - bytes);
    }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>The first element.</summary>
    public T* Pointer { get; }

    /// <inheritdoc/>
    public override Span<T> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return new Span<T>(Pointer, Count);
    }

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(Pointer + elementIndex);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (_disposed) return;
        _disposed = true;
        GuardedPages.Release(_pages, _length);
    }
}
