namespace CnnCodegen.Generator.Planning;

/// <summary>A block of the workspace that is needed from the step that makes it to the last one that reads it.</summary>
internal sealed class Buffer(long bytes, int first)
{
    private Buffer? _whole;
    private long _offset;
    private Place _place;
    private int _last = first;

    public long Bytes { get; } = bytes;

    public int First { get; } = first;

    public int Last
    {
        get => _last;
        set
        {
            _last = value;
            if (_whole is not null) _whole.Last = Math.Max(_whole.Last, value);
        }
    }

    /// <summary>Set for what does not lie in the workspace, and by the memory planner for what does.</summary>
    public Place Place
    {
        get => _whole is null ? _place : _whole.Place with { Offset = _whole.Place.Offset + _offset };
        set => _place = value;
    }

    /// <summary>Parts of it are buffers too, or it is such a part.</summary>
    public bool IsShared { get; private set; }

    /// <summary>A part of it with a lifetime that prolongs that of the whole.</summary>
    public Buffer Slice(long offset, long bytes, int first)
    {
        IsShared = true;
        return new Buffer(bytes, first) { _whole = this, _offset = offset, IsShared = true, Last = first };
    }

    public bool Overlaps(Buffer other) => First <= other.Last && other.First <= Last;
}

/// <summary>
/// Lays out the workspace at build time: buffers whose lifetimes overlap never share memory. Largest first, each at the lowest
/// offset that is free for its whole lifetime (the greedy-by-size plan of Pisarchyk and Lee 2020).
/// </summary>
internal static class MemoryPlanner
{
    /// <summary>Places the buffers and returns the size of the workspace.</summary>
    public static long Place(IReadOnlyList<Buffer> buffers)
    {
        List<Buffer> placed = [];
        long peak = 0;
        foreach (Buffer buffer in buffers.OrderByDescending(b => b.Bytes).ThenBy(b => b.First))
        {
            long offset = 0;
            foreach (Buffer other in placed.Where(buffer.Overlaps).OrderBy(b => b.Place.Offset))
            {
                if (other.Place.Offset - offset >= Alignment.Up(buffer.Bytes)) break;
                offset = Math.Max(offset, other.Place.Offset + Alignment.Up(other.Bytes));
            }

            buffer.Place = new Place(Memory.Workspace, offset);
            placed.Add(buffer);
            peak = Math.Max(peak, offset + Alignment.Up(buffer.Bytes));
        }

        return peak;
    }
}
