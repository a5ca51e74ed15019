using System.Diagnostics;

namespace CnnCodegen.Execution;

/// <summary>Owns what a loaded network needs: the packed weights, a pool of workspaces, and the threads. Thread-safe.</summary>
public sealed unsafe partial class NetworkHost : INetwork
{
    private readonly NetworkProgram _program;
    private readonly NativeBuffer _weights;
    private readonly WorkspacePool _workspaces;
    private readonly WorkerTeam _team;
    private readonly ArgumentCheck _check;

    // The owner and each running call hold the memory; whoever lets go last frees it.
    private int _holders = 1;
    private int _disposed;

    private NetworkHost(NetworkProgram program, NativeBuffer weights, WorkerTeam team)
    {
        Info = program.Info;
        _program = program;
        _weights = weights;
        _team = team;
        _workspaces = new WorkspacePool(Info.WorkspaceBytes + (team.Threads * Info.ScratchBytes));
        _check = new ArgumentCheck(Info);
    }

    /// <summary>Ends the workers of a host that was not disposed; its memory looks after itself.</summary>
    ~NetworkHost() => _team.Stop();

    /// <inheritdoc/>
    public NetworkInfo Info { get; }

    /// <summary>Computes the outputs; allocates nothing once as many calls as now have run at the same time before.</summary>
    /// <param name="inputs">The inputs in order.</param>
    /// <param name="outputs">Receive the results in order; must not overlap the inputs or each other.</param>
    /// <exception cref="ArgumentException">A count or a length differs, or an output overlaps.</exception>
    /// <exception cref="ObjectDisposedException">The host has been disposed.</exception>
    public void Run(ReadOnlySpan<Argument> inputs, ReadOnlySpan<Argument> outputs)
    {
        _check.All(inputs, outputs);
        Execute(inputs, outputs, default);
    }

    /// <summary>Times every step.</summary>
    /// <param name="inputs">The inputs in order.</param>
    /// <param name="outputs">Receive the results in order; must not overlap the inputs or each other.</param>
    /// <param name="runs">How many runs to take the median of, at least 1; one more run before them is not counted.</param>
    /// <exception cref="ArgumentException">A count or a length differs, an output overlaps, or <paramref name="runs"/> is less than 1.</exception>
    /// <exception cref="ObjectDisposedException">The host has been disposed.</exception>
    public NetworkProfile Profile(ReadOnlySpan<Argument> inputs, ReadOnlySpan<Argument> outputs, int runs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(runs, 1);
        _check.All(inputs, outputs);
        ProfileRecorder recorder = new(Info, runs);
        Execute(inputs, outputs, recorder.Timestamps);
        for (int run = 0; run < runs; run++)
        {
            Execute(inputs, outputs, recorder.Timestamps);
            recorder.Add(run);
        }
        return recorder.Summarize(_team.Threads);
    }

    /// <summary>Frees the memory and ends the threads as soon as no call runs any more. Later calls throw.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        GC.SuppressFinalize(this);
        LetGo();
    }

    /// <summary>One run; with room for timestamps, one for the start and one for the end of each step.</summary>
    private void Execute(ReadOnlySpan<Argument> inputs, ReadOnlySpan<Argument> outputs, Span<long> timestamps)
    {
        Hold();
        NativeBuffer? workspace = null;
        // While another call has the workers, this one runs on its own thread.
        WorkerTeam team = _team.TryAcquire() ? _team : WorkerTeam.Single;
        try
        {
            workspace = _workspaces.Rent();
            byte** addresses = stackalloc byte*[inputs.Length + outputs.Length];
            for (int i = 0; i < inputs.Length; i++) addresses[i] = (byte*)inputs[i].Pointer;
            for (int i = 0; i < outputs.Length; i++) addresses[inputs.Length + i] = (byte*)outputs[i].Pointer;
            Frame frame = new(_weights.Pointer, workspace.Pointer, addresses, addresses + inputs.Length, team);
            if (timestamps.IsEmpty)
            {
                _program.Run(in frame);
            }
            else
            {
                timestamps[0] = Stopwatch.GetTimestamp();
                _program.Profile(in frame, timestamps[1..]);
            }
        }
        finally
        {
            if (workspace is not null) _workspaces.Return(workspace);
            if (team != WorkerTeam.Single) team.Release();
            LetGo();
        }
    }

    private void Hold()
    {
        int holders = Volatile.Read(ref _holders);
        while (true)
        {
            if (holders == 0 || Volatile.Read(ref _disposed) != 0) throw new ObjectDisposedException(Info.Name);
            int seen = Interlocked.CompareExchange(ref _holders, holders + 1, holders);
            if (seen == holders) return;
            holders = seen;
        }
    }

    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) != 0) return;
        _team.Stop();
        _workspaces.Dispose();
        _weights.Dispose();
    }
}
