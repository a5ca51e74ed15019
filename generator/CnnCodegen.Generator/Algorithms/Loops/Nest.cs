using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Loops;

/// <summary>
/// Loops over the elements of a dense output, outermost first, with as few loops as the strides allow. The leading ones are
/// the units of work, the innermost is a row.
/// </summary>
internal sealed record Nest(EquatableArray<LoopAxis> Axes)
{
    /// <summary>Units beyond which further loops stay inside a unit.</summary>
    private const int WantedUnits = 64;

    /// <summary>Longest row, in elements, where it can be cut evenly.</summary>
    private const int MaxRow = 16 * 1024;

    private const int MinRow = 1024;

    /// <summary>The loop that a row is.</summary>
    public LoopAxis Row => Axes[Axes.Count - 1];

    /// <summary>How many of the loops, from the outermost, make up the units.</summary>
    public int UnitAxes
    {
        get
        {
            int count = 0;
            for (long units = 1; count < Axes.Count - 1 && units < WantedUnits; count++) units *= Axes[count].Extent;
            return count;
        }
    }

    public int Units => Axes.Take(UnitAxes).Aggregate(1, (product, axis) => product * axis.Extent);

    /// <summary>The nest over <paramref name="shape"/> in which each tensor has the given element strides.</summary>
    public static Nest Over(TensorShape shape, params int[][] strides) =>
        Of(shape.Dims.Select((extent, axis) => new LoopAxis(extent, strides.Select(s => s[axis] * sizeof(float)).ToEquatableArray())), strides.Length);

    /// <summary>Leaves out loops of one iteration, joins loops that step evenly into each other, and cuts an overlong row.</summary>
    public static Nest Of(IEnumerable<LoopAxis> axes, int tensors)
    {
        List<LoopAxis> merged = [];
        foreach (LoopAxis axis in axes.Where(a => a.Extent > 1 || a.IsMapped))
        {
            int last = merged.Count - 1;
            if (last >= 0 && merged[last].Absorbs(axis)) merged[last] = axis with { Extent = merged[last].Extent * axis.Extent };
            else merged.Add(axis);
        }

        if (merged.Count == 0) merged.Add(new LoopAxis(1, Window.Repeat(sizeof(float), tensors)));
        CutRow(merged);
        return new Nest(merged.ToEquatableArray());
    }

    private static void CutRow(List<LoopAxis> axes)
    {
        LoopAxis row = axes[axes.Count - 1];
        if (row.Extent <= MaxRow || row.IsMapped) return;
        int length = MaxRow;
        while (length >= MinRow && row.Extent % length != 0) length--;
        if (length < MinRow) return;
        axes[axes.Count - 1] = new LoopAxis(row.Extent / length, row.Strides.Select(s => s * length).ToEquatableArray());
        axes.Add(row with { Extent = length });
    }
}
