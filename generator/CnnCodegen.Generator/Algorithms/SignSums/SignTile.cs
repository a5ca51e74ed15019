using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.SignSums;

/// <summary>How signs are summed: vectors of pixels together, signs in a group, groups in a pass.</summary>
/// <param name="Vectors">The vectors of a row cut into blocks; the last vector of a row that is no whole number of them overlaps the one before it.</param>
/// <param name="Groups">The signs of a row of the window cut into groups, whose sums with every pattern are made once for all filters.</param>
/// <param name="Passes">The groups cut into passes, whose sums stay in the first-level cache.</param>
/// <param name="Filters">Filters that are added up side by side; their number divides that of the channels.</param>
internal sealed record SignTile(Cut Vectors, Cut Groups, Cut Passes, int Filters)
{
    private const int MaxVectors = 6;

    /// <summary>Signs of a group: tables of more sums fill the first-level cache after few groups.</summary>
    private const int MaxSigns = 5;

    /// <summary>Bytes of sums that stay in the first-level cache beside what streams through it.</summary>
    private const int TableBudget = 24 * 1024;

    /// <summary>Additions of a straight-line method: the just-in-time compiler does not optimise methods beyond a size.</summary>
    private const int MaxAdditions = 512;

    /// <summary>Accumulators, which hide the latency of additions, and filters whose patterns have pointers.</summary>
    private const int MaxAccumulators = 8, MaxFilters = 4;

    /// <summary>Instructions for a filter in each pass besides those for its sums: for each vector, and for the loop.</summary>
    private const double VectorInstructions = 3, FilterInstructions = 6;

    /// <summary>To make one sum and to store it; of pixels that do not lie together a lane takes two instructions.</summary>
    private const double SumInstructions = 2.5, LaneInstructions = 2;

    /// <summary>For an addition with its load; measured.</summary>
    private const double AddInstructions = 1.1;

    /// <summary>The tile with the fewest estimated instructions, and these.</summary>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="plan">The geometry.</param>
    public static (SignTile Tile, double Instructions) Choose(int lanes, SignSumsPlan plan) => (
        from vectors in Enumerable.Range(1, MaxVectors)
        let blocks = Cut.Evenly((plan.Columns + lanes - 1) / lanes, vectors)
        where blocks.Size == vectors && (plan.Columns % lanes == 0 || blocks.Pieces.Last().Size > 1)
        from signs in Enumerable.Range(1, MaxSigns)
        let groups = Cut.Evenly(plan.InChannels * plan.KernelColumns, signs)
        where groups.Size == signs
        let filters = Enumerable.Range(1, Math.Max(1, Math.Min(MaxFilters, MaxAccumulators / vectors))).Last(count => plan.OutChannels % count == 0)
        let sums = TableBudget / (plan.KernelRows * (1 << signs) * vectors * lanes * sizeof(float))
        let fit = Math.Max(1, Math.Min(sums, MaxAdditions / (plan.KernelRows * vectors * filters)))
        let tile = new SignTile(blocks, groups, Cut.Evenly(groups.Count, fit), filters)
        let instructions = tile.Instructions(lanes, plan)
        orderby instructions
        select (tile, instructions)).First();

    /// <summary>For an image.</summary>
    private double Instructions(int lanes, SignSumsPlan plan)
    {
        double vectors = Vectors.Extent, rows = plan.Rows;
        double additions = vectors * rows * plan.OutChannels * plan.KernelRows * Groups.Count * AddInstructions;
        double filters = rows * plan.OutChannels * Passes.Count * ((vectors * VectorInstructions) + (Vectors.Count * FilterInstructions));
        double tableRows = plan.SharesRows ? (rows * plan.RowStride) + plan.KernelRows : rows * plan.KernelRows;
        double signs = Groups.Extent * (plan.ColumnStride > 1 ? LaneInstructions * lanes : 1);
        double sums = Groups.Pieces.Sum(piece => (double)piece.Count * (1 << piece.Size));
        return additions + filters + (tableRows * vectors * ((sums * SumInstructions) + signs));
    }
}
