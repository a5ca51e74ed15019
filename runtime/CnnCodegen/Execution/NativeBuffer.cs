using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

/// <summary>A 64-byte aligned block outside the managed heap. One of zero bytes has a null pointer.</summary>
internal sealed unsafe class NativeBuffer : IDisposable
{
    /// <summary>One cache line, and one 512-bit vector.</summary>
    public const int Alignment = 64;

    private readonly NativeAllocator? _allocator = NativeAllocator.Current;

    /// <param name="bytes">Its size.</param>
    /// <param name="zeroed">Whether it is all zeros; otherwise its content is undefined.</param>
    public NativeBuffer(long bytes, bool zeroed = false)
    {
        Bytes = bytes;
        if (bytes == 0) return;
        if (_allocator is null)
        {
            Pointer = NativeHeap.Allocate(bytes, zeroed);
            return;
        }
        Pointer = _allocator.Allocate(bytes);
        if (zeroed) NativeMemory.Clear(Pointer, (nuint)bytes);
    }

    ~NativeBuffer() => Free();

    public byte* Pointer { get; private set; }

    public long Bytes { get; }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (Pointer == null) return;
        if (_allocator is null) NativeHeap.Free(Pointer);
        else _allocator.Free(Pointer, Bytes);
        Pointer = null;
    }
}
