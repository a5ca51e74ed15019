using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CnnCodegen.Compression;

/// <summary>
/// Keeps neurons whose activations are diverse and fuses the others into them (Mariet, Sra 2016, "Diversity Networks: Neural Network
/// Compression Using Determinantal Point Processes").
/// </summary>
public static class DivNet
{
    private const double Jitter = 0.01, Bandwidth = 10;

    /// <summary>The similarity of neurons: exp(-β |v_i - v_j|²) + ε [i = j] with β = 10 / samples and ε = 0.01.</summary>
    /// <param name="activations">Samples x neurons.</param>
    public static Matrix<double> Kernel(Matrix<double> activations)
    {
        Vector<double>[] neurons = [.. activations.EnumerateColumns()];
        double beta = Bandwidth / activations.RowCount;
        return DenseMatrix.Create(neurons.Length, neurons.Length, (i, j) => Math.Exp(-beta * Math.Pow((neurons[i] - neurons[j]).L2Norm(), 2)) + (i == j ? Jitter : 0));
    }

    /// <summary>
    /// Removes all neurons but the kept ones, and changes the outgoing weights of those so that what the next layer gets changes least in the
    /// mean square over the samples. Where the removed activations are combinations of the kept ones, it does not change on them at all.
    /// </summary>
    /// <param name="neurons">The layer.</param>
    /// <param name="activations">Samples x neurons: their values behind the activation.</param>
    /// <param name="kept">Indices of the neurons to keep.</param>
    public static Neurons Fuse(Neurons neurons, Matrix<double> activations, IReadOnlyList<int> kept)
    {
        int[] removed = [.. Enumerable.Range(0, neurons.Count).Except(kept)];
        Neurons fused = neurons.Copy();
        if (removed.Length == 0) return fused;
        Matrix<double> h = DenseMatrix.OfColumnVectors(kept.Select(activations.Column)), others = DenseMatrix.OfColumnVectors(removed.Select(activations.Column));
        Matrix<double> delta = h.PseudoInverse() * others;
        for (int i = 0; i < kept.Count; i++)
        {
            for (int k = 0; k < fused.Outgoing[kept[i]].Length; k++)
            {
                double sum = neurons.Outgoing[kept[i]][k];
                for (int j = 0; j < removed.Length; j++) sum += delta[i, j] * neurons.Outgoing[removed[j]][k];
                fused.Outgoing[kept[i]][k] = (float)sum;
            }
        }
        foreach (int neuron in removed) fused.Remove(neuron);
        return fused;
    }
}
