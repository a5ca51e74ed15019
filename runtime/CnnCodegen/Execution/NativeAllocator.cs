namespace CnnCodegen.Execution;

/// <summary>Replaces the heap that weights and workspaces come from: tests place them beside guard pages.</summary>
internal abstract unsafe class NativeAllocator
{
    private static bool _isReplaced;

    /// <summary>The allocator of the current flow of execution; null for <see cref="NativeHeap"/>.</summary>
    public static AsyncLocal<NativeAllocator?> Replacement
    {
        get
        {
            _isReplaced = true;
            return Flow.Replacement;
        }
    }

    /// <summary>The same for those who allocate. Where no test has asked for it, no load has to prepare a flow of execution.</summary>
    public static NativeAllocator? Current => _isReplaced ? OfFlow() : null;

    /// <summary>A block of exactly <paramref name="bytes"/> bytes, more than 0, aligned to <see cref="NativeBuffer.Alignment"/> where that divides its size.</summary>
    public abstract byte* Allocate(long bytes);

    public abstract void Free(byte* block, long bytes);

    private static NativeAllocator? OfFlow() => Flow.Replacement.Value;

    private static class Flow
    {
        public static readonly AsyncLocal<NativeAllocator?> Replacement = new();
    }
}
