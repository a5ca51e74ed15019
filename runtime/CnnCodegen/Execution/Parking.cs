namespace CnnCodegen.Execution;

/// <summary>Where threads sleep until something becomes true.</summary>
internal sealed class Parking
{
    private readonly object _gate = new();
    private int _sleepers;

    /// <summary>How many threads sleep.</summary>
    public int Sleepers => Volatile.Read(ref _sleepers);

    /// <summary>Wakes the sleepers, so that they look at what they wait for; cheap where nobody sleeps.</summary>
    public void Wake()
    {
        // A full fence: either this thread sees the sleeper, or the sleeper sees what became true before.
        Interlocked.MemoryBarrier();
        if (Sleepers == 0) return;
        lock (_gate) Monitor.PulseAll(_gate);
    }

    /// <summary>Sleeps until the condition holds. Whoever makes it true calls <see cref="Wake"/> afterwards.</summary>
    /// <param name="condition">Cheap, and free of side effects.</param>
    public void SleepUntil(Func<bool> condition)
    {
        lock (_gate)
        {
            Interlocked.Increment(ref _sleepers);
            while (!condition()) Monitor.Wait(_gate);
            Interlocked.Decrement(ref _sleepers);
        }
    }
}
