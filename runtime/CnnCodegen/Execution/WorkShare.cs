using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

/// <summary>
/// One thread's share of the parts of a step, which other threads take over when they have none left. It has cache lines of its own, so
/// that threads which stay within their shares do not disturb each other.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
internal struct WorkShare
{
    // Enough for the parts of any step: a few for each of a thousand threads.
    private const int PartBits = 16;

    // The number of the step above, its next part that nobody has taken below: one word, so that a thread which was
    // interrupted cannot take a part of a later step for one of the step it knows.
    [FieldOffset(64)]
    private long _next;

    [FieldOffset(72)]
    private long _done;

    /// <summary>The step that the share belongs to.</summary>
    public long Step => Volatile.Read(ref _next) >> PartBits;

    /// <summary>How many parts this thread has done, in all steps.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Offers the parts of a step from <paramref name="first"/> on; what was written before is visible to whoever takes one.</summary>
    public void Offer(long step, int first) => Volatile.Write(ref _next, (step << PartBits) | (uint)first);

    /// <summary>Takes the next part of a step, or returns -1 if the step is over or no part below <paramref name="end"/> is left.</summary>
    public int Take(long step, int end)
    {
        while (true)
        {
            long seen = Volatile.Read(ref _next);
            int part = (int)(seen & ((1 << PartBits) - 1));
            if (seen >> PartBits != step || part >= end) return -1;
            if (Interlocked.CompareExchange(ref _next, seen + 1, seen) == seen) return part;
        }
    }

    /// <summary>Counts a part that the share's thread has done; what the thread wrote is visible to whoever sees the count.</summary>
    public void CountDone() => Volatile.Write(ref _done, _done + 1);
}
