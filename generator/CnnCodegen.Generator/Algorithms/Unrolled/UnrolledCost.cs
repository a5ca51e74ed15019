using CnnCodegen.Generator.Algorithms.Sparse;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Unrolled;

/// <summary>What straight-line kernels are estimated to cost, in the instructions of <see cref="Cost"/>.</summary>
internal static class UnrolledCost
{
    /// <summary>An instruction of a convolution, which is fetched from beyond the first-level cache unless there are few: measured.</summary>
    private const double Fetched = 1.1;

    /// <summary>To insert an input into a vector, to multiply one, and to spread a vector of results.</summary>
    private const double Insert = 1.7, Multiply = 2, Spread = 18;

    /// <param name="plan">A convolution.</param>
    /// <param name="reordered">Elements of the input and output whose form changes.</param>
    public static Cost Of(UnrolledConvPlan plan, long reordered)
    {
        SparseConvPlan loops = plan.Loops;
        double tiles = (double)loops.Images * loops.TilesDown * loops.TilesAcross;
        double ends = 2.0 * loops.OutChannels * loops.Blocks * loops.Pixels.Sums;
        return new Cost(tiles * Fetched * plan.Instructions, (tiles * ends) + SparseCost.Moved(loops, reordered), plan.WeightBytes);
    }

    public static Cost Of(UnrolledLinearPlan plan) =>
        new(0, plan.Images * ((Insert * plan.Inputs) + (Multiply * plan.Steps) + (Spread * plan.Groups.Count)), plan.WeightBytes);
}
