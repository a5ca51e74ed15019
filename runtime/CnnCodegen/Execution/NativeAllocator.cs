using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

/// <summary>Where weights and workspaces come from. Tests replace it to place them beside guard pages.</summary>
internal abstract unsafe class NativeAllocator
{
    /// <summary>The allocator of the current flow of execution; null for the heap.</summary>
    public static AsyncLocal<NativeAllocator?> Replacement { get; } = new();

    public static NativeAllocator Current => Replacement.Value ?? Heap.Instance;

    /// <summary>A block of exactly <paramref name="bytes"/> bytes, more than 0, aligned to <see cref="NativeBuffer.Alignment"/> where that divides its size.</summary>
    public abstract byte* Allocate(long bytes);

    public abstract void Free(byte* block, long bytes);

    private sealed class Heap : NativeAllocator
    {
        public static readonly Heap Instance = new();

        public override byte* Allocate(long bytes) => (byte*)NativeMemory.AlignedAlloc((nuint)bytes, NativeBuffer.Alignment);

        public override void Free(byte* block, long bytes) => NativeMemory.AlignedFree(block);
    }
}
