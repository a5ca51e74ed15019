using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using CnnCodegen.Execution;

namespace CnnCodegen.Runtime.Tests.Execution;

/// <summary>Knows which blocks are live, and fills new ones with NaN.</summary>
internal sealed unsafe class CountingAllocator : NativeAllocator
{
    private readonly ConcurrentDictionary<nint, long> _live = new();

    public IReadOnlyCollection<long> Live => [.. _live.Values.Order()];

    public override byte* Allocate(long bytes)
    {
        void* block = NativeMemory.AlignedAlloc((nuint)bytes, NativeBuffer.Alignment);
        NativeMemory.Fill(block, (nuint)bytes, 0xff);
        _live.TryAdd((nint)block, bytes);
        return (byte*)block;
    }

    public override void Free(byte* block, long bytes)
    {
        if (!_live.TryRemove(new KeyValuePair<nint, long>((nint)block, bytes))) throw new InvalidOperationException("freed twice, or with another size");
        NativeMemory.AlignedFree(block);
    }
}
