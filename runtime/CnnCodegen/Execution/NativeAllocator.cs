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

    /// <summary>The same, all zeros.</summary>
    public virtual byte* AllocateZeroed(long bytes)
    {
        byte* block = Allocate(bytes);
        NativeMemory.Clear(block, (nuint)bytes);
        return block;
    }

    public abstract void Free(byte* block, long bytes);

    private sealed class Heap : NativeAllocator
    {
        public static readonly Heap Instance = new();

        public override byte* Allocate(long bytes) => Aligned(NativeMemory.Alloc(Room(bytes)));

        // Fresh pages are zero already; whoever writes them first takes them.
        public override byte* AllocateZeroed(long bytes) => Aligned(NativeMemory.AllocZeroed(Room(bytes)));

        public override void Free(byte* block, long bytes) => NativeMemory.Free(((void**)block)[-1]);

        private static nuint Room(long bytes) => checked((nuint)bytes + NativeBuffer.Alignment);

        /// <summary>The aligned address behind the beginning, with that in front: the heap aligns to the size of two pointers.</summary>
        private static byte* Aligned(void* beginning)
        {
            byte* block = (byte*)(((nuint)beginning + NativeBuffer.Alignment) & ~(nuint)(NativeBuffer.Alignment - 1));
            ((void**)block)[-1] = beginning;
            return block;
        }
    }
}
