using System.Collections.Concurrent;

namespace CnnCodegen.Execution;

/// <summary>Workspaces of one size, kept for reuse: as many as there ever were calls at the same time. Lock-free.</summary>
/// <param name="bytes">Size of one workspace.</param>
internal sealed class WorkspacePool(long bytes) : IDisposable
{
    private readonly ConcurrentQueue<NativeBuffer> _others = new();

    // Calls that do not overlap always get the same workspace, whose lines are still in the cache.
    private NativeBuffer? _first;

    public NativeBuffer Rent()
    {
        NativeBuffer? workspace = Interlocked.Exchange(ref _first, null);
        return workspace is not null || _others.TryDequeue(out workspace) ? workspace : new NativeBuffer(bytes);
    }

    public void Return(NativeBuffer workspace)
    {
        if (Interlocked.CompareExchange(ref _first, workspace, null) is not null) _others.Enqueue(workspace);
    }

    /// <summary>Frees all workspaces. None may be rented.</summary>
    public void Dispose()
    {
        _first?.Dispose();
        foreach (NativeBuffer workspace in _others) workspace.Dispose();
    }
}
