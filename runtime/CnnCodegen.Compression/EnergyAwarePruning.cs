using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CnnCodegen.Compression;

/// <summary>
/// Prunes the layers that take the most energy first, and each filter by what that does to its outputs (Yang, Chen, Sze 2017, "Designing
/// Energy-Efficient Convolutional Neural Networks Using Energy-Aware Pruning").
/// </summary>
public static class EnergyAwarePruning
{
    /// <summary>The part of the kept weights that magnitude alone chooses; the others are chosen by the outputs' error.</summary>
    private const double FirstCut = 0.7;

    /// <summary>
    /// An estimate of a layer's energy in units of one multiply-accumulate: those with weights that are not zero, and the floats that move, of
    /// which each costs as much as an access to the memory that holds the layer's data.
    /// </summary>
    /// <param name="macs">Multiply-accumulates with weights that are not zero.</param>
    /// <param name="weights">Weights that are not zero.</param>
    /// <param name="activations">Floats read and written.</param>
    public static double Energy(long macs, long weights, long activations)
    {
        // The relative costs of an access in the paper's accelerator: global buffer 6, off-chip memory 200.
        const double buffer = 6, memory = 200;
        const long bufferFloats = 27_000;
        long moved = weights + activations;
        return macs + (moved * (moved <= bufferFloats ? buffer : memory));
    }

    /// <summary>Keeps so many weights of one filter, and fits them to give the outputs of all.</summary>
    /// <param name="gram">XᵀX for the inputs X of samples x weights.</param>
    /// <param name="filter">The weights.</param>
    /// <param name="count">How many to keep.</param>
    /// <returns>The filter with zeros; its outputs on the samples differ no more than without the fit.</returns>
    public static float[] PruneFilter(Matrix<double> gram, float[] filter, int count)
    {
        bool[] kept = Array.ConvertAll(MagnitudePruning.Keep(filter, (int)(FirstCut * count)), w => w != 0);
        // What the removed weights gave to the outputs, seen from each input: Xᵀ X w over the removed ones.
        double[] missing = new double[filter.Length];
        for (int i = 0; i < filter.Length; i++)
            if (!kept[i] && filter[i] != 0) Add(missing, gram, i, filter[i]);
        for (int n = kept.Count(k => k); n < count; n++)
        {
            int best = -1;
            double largest = double.NegativeInfinity;
            for (int i = 0; i < filter.Length; i++)
            {
                double gain = filter[i] * ((2 * missing[i]) - (filter[i] * gram[i, i]));
                if (!kept[i] && filter[i] != 0 && gain > largest) (best, largest) = (i, gain);
            }
            if (best < 0) break;
            kept[best] = true;
            Add(missing, gram, best, -filter[best]);
        }
        return Fit(gram, filter, [.. Enumerable.Range(0, filter.Length).Where(i => kept[i])]);
    }

    private static void Add(double[] sum, Matrix<double> gram, int column, double factor)
    {
        for (int i = 0; i < sum.Length; i++) sum[i] += factor * gram[i, column];
    }

    /// <summary>The kept weights by least squares; as they are where the samples do not determine them.</summary>
    private static float[] Fit(Matrix<double> gram, float[] filter, int[] kept)
    {
        float[] pruned = new float[filter.Length];
        foreach (int i in kept) pruned[i] = filter[i];
        if (kept.Length == 0) return pruned;
        Matrix<double> system = DenseMatrix.Create(kept.Length, kept.Length, (i, j) => gram[kept[i], kept[j]]);
        double[] right = [.. kept.Select(i => Enumerable.Range(0, filter.Length).Sum(j => gram[i, j] * filter[j]))];
        try
        {
            double[] fitted = system.Cholesky().Solve(DenseVector.OfArray(right)).ToArray();
            if (fitted.All(double.IsFinite) && IsDetermined(system))
                for (int i = 0; i < kept.Length; i++) pruned[kept[i]] = (float)fitted[i];
        }
        catch (ArgumentException)
        {
            // The inputs depend on each other.
        }
        return pruned;
    }

    private static bool IsDetermined(Matrix<double> system)
    {
        Vector<double> pivots = system.Cholesky().Factor.Diagonal();
        return pivots.Minimum() > 1e-6 * pivots.Maximum();
    }
}
