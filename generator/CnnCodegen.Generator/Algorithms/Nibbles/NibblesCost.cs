using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Nibbles;

/// <summary>What the kernels that look counts up are estimated to cost, in the instructions of <see cref="Cost"/>.</summary>
internal static class NibblesCost
{
    /// <summary>To add the counts of a word to those of 16 bits, for each vector.</summary>
    private const double PieceInstructions = 10;

    /// <summary>To give each nibble of a vector of weights a byte, for each band.</summary>
    private const double NibbleInstructions = 2;

    /// <summary>To begin and to compare the counts of a pair, for each vector; to make distances of a word of both pixels.</summary>
    private const double PairInstructions = 20, DistanceInstructions = 12;

    public static Cost Of(NibblesPlan plan)
    {
        int runs = plan.Reduction.Rows * plan.Reduction.Columns;
        double groups = plan.Pieces.Pieces.Sum(piece => (double)piece.Count * Cut.CeilingOver(piece.Size * NibblesPlan.WordNibbles, NibblesPlan.Together));
        double vector = (runs * ((groups * GroupInstructions(plan.Isa)) + (plan.Pieces.Count * PieceInstructions))) + PairInstructions;
        double pairs = (double)plan.Planes.Images * plan.Planes.Blocks * plan.Planes.Bands.Extent * plan.Columns, rows = (plan.Planes.Bands.Extent * plan.RowStride) + (plan.Planes.Bands.Count * plan.WindowRows);
        double distances = plan.Planes.Images * plan.Planes.Blocks * rows * plan.InColumns * plan.Words * DistanceInstructions;
        double nibbles = (double)plan.Planes.Count * plan.Reduction.Total * NibblesPlan.WordNibbles * plan.Vectors * NibbleInstructions;
        return new Cost(0, (pairs * plan.Vectors * vector) + distances + nibbles, plan.WeightBytes);
    }

    /// <summary>To look up and add three nibbles for a vector: nine instructions, of which the third part of those of 512 bits can use one port only.</summary>
    private static double GroupInstructions(Isa isa) => isa == Isa.Avx512 ? 9 : 5.4;
}
