using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>What the sparse kernels are estimated to cost, in the instructions of <see cref="Cost"/>, of which two are issued in a cycle.</summary>
internal static class SparseCost
{
    /// <summary>Each multiply-add comes with a load, of which a cycle has two, and each weight with a broadcast and its offset: measured as so many sums more.</summary>
    private const double WeightSums = 2, SumInstructions = 1.05;

    /// <summary>Loads where nothing is copied: some vectors lie across two cache lines.</summary>
    private const double InPlaceInstructions = 1.6;

    /// <summary>To begin and end the row of an output channel, whose length no branch predictor knows.</summary>
    private const double RowInstructions = 24;

    /// <summary>Loads and stores for a vector of a patch, and for a pixel at a stride of 2, and at others.</summary>
    private const double CopyInstructions = 2, AlternateInstructions = 1, StridedInstructions = 3;

    /// <summary>For each element that is transposed between blocks and patches or sums; and for each that a change of form is necessary for: a pass over memory.</summary>
    private const double SquareInstructions = 1, ReorderInstructions = 1.6;

    /// <summary>A weight of a linear layer: index, input and value are loaded, and one float at a time is multiplied. And to begin and end a row.</summary>
    private const double LinearInstructions = 2.4, LinearRowInstructions = 16;

    /// <param name="plan">A convolution with its tiles and blocks.</param>
    /// <param name="reordered">Elements of the input and output whose form changes.</param>
    public static Cost Of(SparseConvPlan plan, long reordered)
    {
        double tiles = (double)plan.Images * plan.TilesDown * plan.TilesAcross, sums = plan.Pixels.Sums;
        double rows = (double)plan.Groups * plan.OutChannels * tiles;
        return new Cost(
            plan.Entries * tiles * (plan.ReadsInPlace ? InPlaceInstructions : SumInstructions) * (sums + WeightSums),
            (rows * plan.Blocks * (RowInstructions + (2 * sums))) + Moved(plan, reordered),
            plan.WeightBytes);
    }

    /// <summary>The instructions that copy the input to patches, and that change forms around the layer.</summary>
    public static double Moved(SparseConvPlan plan, long reordered)
    {
        double tiles = (double)plan.Images * plan.TilesDown * plan.TilesAcross;
        double copied = plan.ReadsInPlace ? 0 : tiles * plan.Groups * plan.Parts.Count * plan.InChannels * plan.Patch.Rows.Count
            * plan.Patch.Columns.Runs.Sum(run => plan.ColumnStride switch
            {
                _ when plan.Forms.ReadsBlocks => SquareInstructions * run.Count,
                1 => CopyInstructions * Math.Ceiling((double)run.Count / plan.Pixels.Lanes),
                2 => AlternateInstructions * run.Count,
                _ => StridedInstructions * run.Count,
            });
        double spread = plan.Forms.WritesBlocks ? SquareInstructions * tiles * plan.Groups * plan.OutChannels * plan.Pixels.Rows * plan.Pixels.Columns : 0;
        return copied + spread + (ReorderInstructions * reordered);
    }

    public static Cost Of(SparseLinearPlan plan) =>
        new(0, plan.Images * ((LinearInstructions * plan.Entries) + (LinearRowInstructions * plan.OutFeatures)), plan.WeightBytes);
}
