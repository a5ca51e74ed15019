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
    private const int PartBits = 13;
    private const ulong PartMask = (1 << PartBits) - 1;

    /// <summary>The largest number of a step; 0 follows.</summary>
    public const long MaxStep = (1L << (64 - (2 * PartBits))) - 1;

    // From above: the number of the step, the end of its parts, the next of them that nobody has taken. It is one word, so that a
    // thread which was interrupted cannot take a part of a later step, or one that the later step only has, for one of the step it knows.
    [FieldOffset(64)]
    private ulong _next;

    [FieldOffset(72)]
    private long _done;

    /// <summary>The step that the share belongs to.</summary>
    public long Step => StepOf(Volatile.Read(ref _next));

    /// <summary>How many parts this thread has done, in all steps.</summary>
    public long Done => Volatile.Read(ref _done);

    /// <summary>Offers the parts [first, end) of a step; what was written before is visible to whoever takes one.</summary>
    public void Offer(long step, int first, int end) => Volatile.Write(ref _next, ((ulong)step << (2 * PartBits)) | ((ulong)end << PartBits) | (uint)first);

    /// <summary>Takes the next part of a step, or returns -1 if the step is over or no part is left.</summary>
    public int Take(long step)
    {
        while (true)
        {
            ulong seen = Volatile.Read(ref _next);
            int part = (int)(seen & PartMask), end = (int)((seen >> PartBits) & PartMask);
            if (StepOf(seen) != step || part >= end) return -1;
            if (Interlocked.CompareExchange(ref _next, seen + 1, seen) == seen) return part;
        }
    }

    /// <summary>Counts a part that the share's thread has done; what the thread wrote is visible to whoever sees the count.</summary>
    public void CountDone() => Volatile.Write(ref _done, _done + 1);

    private static long StepOf(ulong next) => (long)(next >> (2 * PartBits));
}
