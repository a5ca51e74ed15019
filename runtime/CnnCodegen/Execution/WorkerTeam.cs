using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace CnnCodegen.Execution;

/// <summary>
/// The threads that share one call's steps: the caller, and workers, which sleep when there has been nothing to do for a moment. A step is
/// cut into a few parts for each thread; a thread does its own first and then those that others have not begun, so that a worker which the
/// system does not run, or has not woken yet, holds up at most the part it is in. One call at a time has the team.
/// </summary>
public sealed unsafe class WorkerTeam
{
    private const int PartsPerThread = 4;

    // Checks of a condition, a few hundredths of a microsecond apart, before the core is offered to other threads.
    private const int ChecksBeforeYield = 16;

    // Longer than the steps that the caller does alone and than the gap between calls in a row, shorter than anyone notices.
    private static readonly long _spinTicks = Stopwatch.Frequency * 50 / 1_000_000;

    private readonly WorkShare[] _shares;
    private readonly Parking _workers = new(), _caller = new();
    private readonly Func<bool> _isDone;
    private readonly long _scratchBytes;
    private delegate*<in Operands, int, int, void> _kernel;
    private Operands _operands;
    private int _units;
    private int _parts;
    private long _step;
    private long _partsOffered;
    private int _acquired;
    private Exception? _error;
    private volatile bool _stopped;

    /// <summary>Starts <paramref name="threads"/> - 1 background threads.</summary>
    /// <param name="threads">The caller included.</param>
    /// <param name="scratchBytes">From the scratch memory of one thread to that of the next.</param>
    internal WorkerTeam(int threads, long scratchBytes = 0)
    {
        Threads = threads;
        _scratchBytes = scratchBytes;
        _shares = new WorkShare[threads];
        _isDone = IsDone;
        if (threads > 1) StartWorkers();
    }

    /// <summary>A team of the caller alone.</summary>
    public static WorkerTeam Single { get; } = new(1);

    /// <summary>Number of threads, the caller included.</summary>
    public int Threads { get; }

    /// <summary>How many workers sleep.</summary>
    internal int Parked => _workers.Sleepers;

    private void StartWorkers()
    {
        try
        {
            for (int i = 1; i < Threads; i++)
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

    /// <summary>Runs a kernel over its work units [0, <paramref name="units"/>), shared by the threads, and returns when all are done.</summary>
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
        _parts = Math.Min(Threads * PartsPerThread, units);
        _error = null;
        _partsOffered += _parts;
        _step = _step == WorkShare.MaxStep ? 0 : _step + 1;
        for (int thread = 0; thread < Threads; thread++) _shares[thread].Offer(_step, FirstPart(_parts, thread), FirstPart(_parts, thread + 1));
        _workers.Wake();
        Share(0, _step);
        if (!SpinUntil(_isDone)) _caller.SleepUntil(_isDone);
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
        _workers.Wake();
    }

    private int FirstPart(int parts, int thread) => (int)((long)parts * thread / Threads);

    private bool IsDone()
    {
        long done = 0;
        foreach (ref WorkShare share in _shares.AsSpan()) done += share.Done;
        return done == _partsOffered;
    }

    private void Work(int index)
    {
        long step = 0;
        Func<bool> hasWork = () => _stopped || _shares[index].Step != step;
        while (true)
        {
            if (!SpinUntil(hasWork)) _workers.SleepUntil(hasWork);
            if (_stopped) return;
            step = _shares[index].Step;
            Share(index, step);
        }
    }

    /// <summary>Does parts of a step until all have been taken: first those of the thread's own share, then those of the others'.</summary>
    private void Share(int thread, long step)
    {
        // They belong to this step if one of its parts can still be taken afterwards; where the step is over, none is.
        delegate*<in Operands, int, int, void> kernel = _kernel;
        Operands operands = _operands.WithScratch(thread * _scratchBytes);
        int units = _units, parts = _parts;
        for (int i = 0; i < Threads; i++)
        {
            int owner = (thread + i) % Threads;
            while (_shares[owner].Take(step) is int part and >= 0)
            {
                try
                {
                    kernel(in operands, (int)((long)units * part / parts), (int)((long)units * (part + 1) / parts));
                }
                catch (Exception e)
                {
                    Interlocked.CompareExchange(ref _error, e, null);
                }
                _shares[thread].CountDone();
            }
        }
        if (thread > 0) _caller.Wake();
    }

    /// <summary>Waits for a moment; false if the condition does not hold by then.</summary>
    private static bool SpinUntil(Func<bool> condition)
    {
        long end = Stopwatch.GetTimestamp() + _spinTicks;
        for (int check = 1; !condition(); check++)
        {
            if (check % ChecksBeforeYield != 0)
            {
                Thread.SpinWait(1);
                continue;
            }
            if (Stopwatch.GetTimestamp() > end) return false;
            Thread.Yield();
        }
        return true;
    }
}
