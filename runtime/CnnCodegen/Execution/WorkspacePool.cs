using System.Collections.Concurrent;

namespace CnnCodegen.Execution;

/// <summary>Workspaces of one size, kept for reuse: as many as there ever were calls at the same time. Lock-free.</summary>
/// <param name="bytes">Size of one workspace.</param>
internal sealed class WorkspacePool(long bytes) : IDisposable
{
    // Made when calls overlap for the first time.
    private ConcurrentQueue<NativeBuffer>? _others;

    // Calls that do not overlap always get the same workspace, whose lines are still in the cache.
    private NativeBuffer? _first;

    public NativeBuffer Rent()
    {
        NativeBuffer? workspace = Interlocked.Exchange(ref _first, null);
        if (workspace is null && _others is not null) workspace = AnotherOne();
        return workspace ?? new NativeBuffer(bytes);
    }

    public void Return(NativeBuffer workspace)
    {
        if (Interlocked.CompareExchange(ref _first, workspace, null) is not null) Keep(workspace);
    }

    /// <summary>Frees all workspaces. None may be rented.</summary>
    public void Dispose()
    {
        _first?.Dispose();
        while (_others is not null && AnotherOne() is { } workspace) workspace.Dispose();
    }

    private NativeBuffer? AnotherOne() => _others!.TryDequeue(out NativeBuffer? workspace) ? workspace : null;

    private void Keep(NativeBuffer workspace)
    {
        if (_others is null) Interlocked.CompareExchange(ref _others, new ConcurrentQueue<NativeBuffer>(), null);
        _others.Enqueue(workspace);
    }
}
