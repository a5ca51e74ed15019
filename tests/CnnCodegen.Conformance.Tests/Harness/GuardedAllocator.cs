using CnnCodegen.Execution;

namespace CnnCodegen.Conformance.Tests.Harness;

/// <summary>
/// Places weights and workspaces flush against an inaccessible page and fills them with NaN, so that reading what nobody wrote shows.
/// </summary>
/// <param name="edge">The edge that is exact to the byte.</param>
internal sealed unsafe class GuardedAllocator(GuardedEdge edge) : NativeAllocator
{
    private readonly Dictionary<nint, GuardedMemory<float>> _blocks = [];

    public override byte* Allocate(long bytes)
    {
        GuardedMemory<float> memory = new(checked((int)(bytes / sizeof(float))), edge);
        memory.GetSpan().Fill(float.NaN);
        lock (_blocks) _blocks.Add((nint)memory.Pointer, memory);
        return (byte*)memory.Pointer;
    }

    public override void Free(byte* block, long bytes)
    {
        lock (_blocks)
        {
            _blocks.Remove((nint)block, out GuardedMemory<float>? memory);
            ((IDisposable)memory!).Dispose();
        }
    }
}
