using System.Diagnostics;

namespace CnnCodegen.Execution;

/// <summary>A counter that threads wait on: they spin for a moment and then sleep.</summary>
internal sealed class Signal
{
    // Longer than the gap between two steps of a call, shorter than anyone notices.
    private static readonly long _spinTicks = Stopwatch.Frequency * 50 / 1_000_000;

    private readonly object _gate = new();
    private int _value;
    private int _sleepers;

    /// <summary>How many threads sleep.</summary>
    public int Sleepers => Volatile.Read(ref _sleepers);

    /// <summary>Adds one and wakes the sleepers.</summary>
    public void Increment()
    {
        // A full fence: either this thread sees the sleeper, or the sleeper sees the new value.
        Interlocked.Increment(ref _value);
        if (Sleepers == 0) return;
        lock (_gate) Monitor.PulseAll(_gate);
    }

    /// <summary>Returns when the counter is <paramref name="value"/>. It must not pass that value while a thread waits for it.</summary>
    public void WaitFor(int value)
    {
        if (SpinFor(value)) return;
        lock (_gate)
        {
            Interlocked.Increment(ref _sleepers);
            while (Volatile.Read(ref _value) != value) Monitor.Wait(_gate);
            Interlocked.Decrement(ref _sleepers);
        }
    }

    private bool SpinFor(int value)
    {
        long end = Stopwatch.GetTimestamp() + _spinTicks;
        SpinWait spin = default;
        while (Volatile.Read(ref _value) != value)
        {
            if (Stopwatch.GetTimestamp() > end) return false;
            // Yields the core after a few rounds, but never sleeps.
            spin.SpinOnce(sleep1Threshold: -1);
        }
        return true;
    }
}
