using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;

namespace CnnCodegen.Compression;

/// <summary>
/// Keeps neurons that differ in what they answer to sample inputs, chosen by a determinantal point process, and fuses the others into
/// them (Mariet, Sra 2016, "Diversity Networks: Neural Network Compression Using Determinantal Point Processes").
/// </summary>
/// <remarks>
/// Activations are T x K as the next layer reads them, behind the activation function and any pooling: one row a sample, one column a
/// neuron. For convolutions each pixel is a sample.
/// </remarks>
public static class DivNet
{
    private const double Dependent = 1e-12;

    /// <summary>L, K x K: exp(-beta ‖v_i - v_j‖²) of the columns v, and epsilon more on the diagonal.</summary>
    /// <param name="activations">T x K.</param>
    /// <param name="neurons">K.</param>
    /// <param name="beta">How fast the likeness falls with the squared distance; 10 / T if null.</param>
    /// <param name="epsilon">Positive if equal neurons may be kept together, which have determinant 0 otherwise.</param>
    /// <exception cref="ArgumentException">The activations are empty, are no whole rows or not finite.</exception>
    public static double[,] Kernel(float[] activations, int neurons, double? beta = null, double epsilon = 0.01)
    {
        double[][] columns = Columns(activations, neurons);
        double width = beta ?? 10.0 / columns[0].Length;
        if (!(width >= 0) || !double.IsFinite(width)) throw new ArgumentOutOfRangeException(nameof(beta), width, "must be finite and not negative");
        if (!(epsilon >= 0) || !double.IsFinite(epsilon)) throw new ArgumentOutOfRangeException(nameof(epsilon), epsilon, "must be finite and not negative");
        double[,] kernel = new double[neurons, neurons];
        Parallel.For(0, neurons, j =>
        {
            for (int i = 0; i < j; i++)
            {
                double distance = TensorPrimitives.Distance<double>(columns[i], columns[j]);
                kernel[i, j] = kernel[j, i] = Math.Exp(-width * distance * distance);
            }

            kernel[j, j] = 1 + epsilon;
        });
        return kernel;
    }

    /// <summary>
    /// Draws a set of so many neurons with a probability proportional to the determinant of its part of the kernel: an exact k-DPP
    /// (Kulesza, Taskar 2011). Eigenvectors are drawn by elementary symmetric polynomials, held as logarithms as they overflow otherwise.
    /// </summary>
    /// <param name="kernel">Symmetric and positive semidefinite, K x K.</param>
    /// <param name="count">How many neurons to keep, at least 1.</param>
    /// <param name="seed">The same one draws the same set.</param>
    /// <returns>The neurons, ascending.</returns>
    /// <exception cref="ArgumentException">The kernel is not symmetric, has a negative eigenvalue or a rank below the count.</exception>
    public static int[] Sample(double[,] kernel, int count, int seed)
    {
        Check(kernel, count);
        var eigen = Matrix<double>.Build.DenseOfArray(kernel).Evd(Symmetricity.Symmetric);
        double[] values = [.. eigen.EigenValues.Select(v => v.Real)];
        double largest = values.Max();
        if (values.Min() < -1e-9 * Math.Abs(largest)) throw new ArgumentException($"has the negative eigenvalue {values.Min()}", nameof(kernel));
        int rank = values.Count(v => v > Dependent * largest);
        if (rank < count) throw TooDependent(rank, count);
        Random random = new(seed);
        int[] drawn = DrawEigenvectors([.. values.Select(v => v > Dependent * largest ? Math.Log(v) : double.NegativeInfinity)], count, random);
        var basis = eigen.EigenVectors;
        double[][] rows = [.. Enumerable.Range(0, values.Length).Select(i => Array.ConvertAll(drawn, n => basis[i, n]))];
        return Choose(values.Length, count, (i, j) => TensorPrimitives.Dot<double>(rows[i], rows[j]), left =>
        {
            double point = random.NextDouble() * left.Sum();
            int index = 0;
            for (int i = 0; i < left.Length; i++)
            {
                if (left[i] == 0) continue;
                index = i;
                if ((point -= left[i]) < 0) break;
            }

            return index;
        });
    }

    /// <summary>
    /// Keeps, one after the other, the neuron that raises the determinant most; the lowest of equals. Deterministic, and within the usual
    /// bounds of greedy maximisation of the most likely set.
    /// </summary>
    /// <param name="kernel">Symmetric and positive semidefinite, K x K.</param>
    /// <param name="count">How many neurons to keep, at least 1.</param>
    /// <returns>The neurons, ascending.</returns>
    /// <exception cref="ArgumentException">The kernel is not symmetric, or has a rank below the count.</exception>
    public static int[] Greedy(double[,] kernel, int count)
    {
        Check(kernel, count);
        return Choose(kernel.GetLength(0), count, (i, j) => kernel[i, j], left => Array.IndexOf(left, left.Max()));
    }

    /// <summary>
    /// Removes all but some neurons, and changes what those send on so that the next layer's sums over the samples change least in the
    /// mean square. Nothing changes at samples where the removed activations are combinations of the kept ones.
    /// </summary>
    /// <param name="layer">The neurons.</param>
    /// <param name="activations">T x K, as the next layer reads them.</param>
    /// <param name="kept">The neurons that stay, ascending.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or the kept ones are no ascending neurons of the layer.</exception>
    public static HiddenLayer Fuse(HiddenLayer layer, float[] activations, IReadOnlyList<int> kept)
    {
        layer.CheckKept(kept);
        double[][] columns = Columns(activations, layer.Neurons);
        int[] gone = [.. Enumerable.Range(0, layer.Neurons).Except(kept)];
        double[][] shares = LeastSquares.Solve([.. kept.Select(k => columns[k])], [.. gone.Select(g => columns[g])]);
        double[][] sent = [.. Enumerable.Range(0, layer.Neurons).Select(layer.Column)];
        for (int g = 0; g < gone.Length; g++)
            for (int k = 0; k < kept.Count; k++) TensorPrimitives.MultiplyAdd(sent[gone[g]], shares[g][k], sent[kept[k]], sent[kept[k]]);
        return layer.WithColumns(sent, layer.NextBias).Keep(kept);
    }

    private static int[] DrawEigenvectors(double[] logValues, int count, Random random)
    {
        // log e[l, n]: the sum over all sets of l of the first n eigenvalues of their products.
        double[,] log = new double[count + 1, logValues.Length + 1];
        for (int l = 1; l <= count; l++) log[l, 0] = double.NegativeInfinity;
        for (int n = 1; n <= logValues.Length; n++)
            for (int l = 1; l <= count; l++) log[l, n] = LogAdd(log[l, n - 1], logValues[n - 1] + log[l - 1, n - 1]);
        List<int> drawn = [];
        for (int n = logValues.Length, l = count; l > 0; n--)
        {
            if (random.NextDouble() >= Math.Exp(logValues[n - 1] + log[l - 1, n - 1] - log[l, n])) continue;
            drawn.Add(n - 1);
            l--;
        }

        return [.. drawn];
    }

    private static double LogAdd(double a, double b)
    {
        (double low, double high) = a < b ? (a, b) : (b, a);
        return double.IsNegativeInfinity(low) ? high : high + Math.Log(1 + Math.Exp(low - high));
    }

    /// <summary>
    /// Takes one item after the other by what is left of each one's squared length when its part in the span of those taken is removed:
    /// the diagonal of an incremental Cholesky factorisation of the items' inner products.
    /// </summary>
    private static int[] Choose(int items, int count, Func<int, int, double> product, Func<double[], int> choose)
    {
        double[] left = [.. Enumerable.Range(0, items).Select(i => product(i, i))];
        double least = Dependent * left.Max();
        double[][] factor = [.. left.Select(_ => new double[count])];
        int[] taken = new int[count];
        for (int n = 0; n < count; n++)
        {
            int next = choose(left);
            if (!(left[next] > least)) throw TooDependent(n, count);
            double length = Math.Sqrt(left[next]);
            for (int i = 0; i < items; i++)
            {
                if (left[i] == 0) continue;
                double part = (product(next, i) - TensorPrimitives.Dot<double>(factor[next].AsSpan(0, n), factor[i].AsSpan(0, n))) / length;
                factor[i][n] = part;
                left[i] = Math.Max(0, left[i] - (part * part));
            }

            left[next] = 0;
            taken[n] = next;
        }

        return [.. taken.Order()];
    }

    private static double[][] Columns(float[] activations, int neurons)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(neurons);
        ArgumentNullException.ThrowIfNull(activations);
        int samples = activations.Length / neurons;
        if (samples == 0 || samples * neurons != activations.Length)
            throw new ArgumentException($"{activations.Length} values are no samples of {neurons} neurons", nameof(activations));
        Require.Finite(activations);
        double[][] columns = [.. Enumerable.Range(0, neurons).Select(_ => new double[samples])];
        for (int i = 0; i < activations.Length; i++) columns[i % neurons][i / neurons] = activations[i];
        return columns;
    }

    private static void Check(double[,] kernel, int count)
    {
        int size = kernel.GetLength(0);
        if (size != kernel.GetLength(1)) throw new ArgumentException($"is {size} x {kernel.GetLength(1)}, not square", nameof(kernel));
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, size);
        for (int i = 0; i < size; i++)
            for (int j = 0; j <= i; j++)
                if (!double.IsFinite(kernel[i, j]) || Math.Abs(kernel[i, j] - kernel[j, i]) > 1e-9 * Math.Abs(kernel[i, j]))
                    throw new ArgumentException($"is not finite or not symmetric at [{i}, {j}]", nameof(kernel));
    }

    private static ArgumentException TooDependent(int rank, int count) =>
        new($"has about {rank} independent rows, so no {count} of them have a determinant; add to its diagonal (epsilon)", "kernel");
}
