using System.Runtime.ExceptionServices;

namespace CnnCodegen.Execution;

/// <summary>The threads that share one call's steps: the caller, and parked workers. It serves one call at a time.</summary>
public sealed unsafe class WorkerTeam
{
    private readonly Signal _started = new();
    private readonly Signal _finished = new();
    private readonly long _scratchBytes;
    private delegate*<in Operands, int, int, void> _kernel;
    private Operands _operands;
    private int _units;
    private int _parts;
    private int _finishedTarget;
    private int _acquired;
    private Exception? _error;
    private bool _stopped;

    /// <summary>Starts <paramref name="threads"/> - 1 background threads.</summary>
    /// <param name="threads">The caller included.</param>
    /// <param name="scratchBytes">From the scratch memory of one thread to that of the next.</param>
    internal WorkerTeam(int threads, long scratchBytes = 0)
    {
        Threads = threads;
        _scratchBytes = scratchBytes;
        try
        {
            for (int i = 1; i < threads; i++)
            {
                int index = i;
                new Thread(() => Work(index)) { IsBackground = true, Name = $"CnnCodegen worker {index}" }.UnsafeStart();
            }
        }
        catch
        {
            // The system is out of threads; those that did start must not wait for ever.
            Stop();
            throw;
        }
    }

    /// <summary>A team of the caller alone.</summary>
    public static WorkerTeam Single { get; } = new(1);

    /// <summary>Number of threads, the caller included.</summary>
    public int Threads { get; }

    /// <summary>How many workers sleep.</summary>
    internal int Parked => _started.Sleepers;

    /// <summary>Runs a kernel over its work units [0, <paramref name="units"/>), split evenly over the threads, and returns when all are done.</summary>
    /// <param name="kernel">Computes the units [begin, end). What it throws reaches the caller.</param>
    /// <param name="operands">The kernel's addresses.</param>
    /// <param name="units">How many independent units the kernel has.</param>
    public void Run(delegate*<in Operands, int, int, void> kernel, in Operands operands, int units)
    {
        if (Threads == 1 || units < 2)
        {
            kernel(in operands, 0, units);
            return;
        }

        _kernel = kernel;
        _operands = operands;
        _units = units;
        _parts = Math.Min(Threads, units);
        _error = null;
        _finishedTarget += Threads - 1;
        _started.Increment();
        try
        {
            kernel(in operands, 0, Begin(1));
        }
        finally
        {
            _finished.WaitFor(_finishedTarget);
        }
        if (_error is not null) ExceptionDispatchInfo.Throw(_error);
    }

    /// <summary>Reserves the workers for one call; false if there are none or another call has them.</summary>
    internal bool TryAcquire() => Threads > 1 && Interlocked.Exchange(ref _acquired, 1) == 0;

    /// <summary>Ends what <see cref="TryAcquire"/> began.</summary>
    internal void Release() => Volatile.Write(ref _acquired, 0);

    /// <summary>Ends the workers. No call may run, and none may follow.</summary>
    internal void Stop()
    {
        _stopped = true;
        _started.Increment();
    }

    private int Begin(int part) => (int)((long)_units * part / _parts);

    private void Work(int index)
    {
        for (int step = 1; ; step++)
        {
            _started.WaitFor(step);
            if (_stopped) return;
            try
            {
                if (index < _parts) _kernel(_operands.WithScratch(index * _scratchBytes), Begin(index), Begin(index + 1));
            }
            catch (Exception e)
            {
                Interlocked.CompareExchange(ref _error, e, null);
            }
            _finished.Increment();
        }
    }
}
