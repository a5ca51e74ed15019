using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace CnnCodegen.Compression;

/// <summary>
/// Subsets of fixed size with probabilities in proportion to det(L_Y), which favours diverse ones: a k-DPP (Kulesza, Taskar 2011, "k-DPPs:
/// Fixed-Size Determinantal Point Processes").
/// </summary>
public static class DeterminantalProcess
{
    /// <summary>Draws a subset.</summary>
    /// <param name="kernel">L: symmetric, positive semidefinite.</param>
    /// <param name="count">Its size, at most the rank of L.</param>
    /// <param name="random">Where chance comes from.</param>
    /// <returns>Indices in ascending order.</returns>
    public static int[] Sample(Matrix<double> kernel, int count, Random random)
    {
        Check(kernel, count);
        Evd<double> eigen = kernel.Evd(Symmetricity.Symmetric);
        double[] values = [.. eigen.EigenValues.Select(v => Math.Max(0, v.Real))];
        int[] chosen = Eigenvectors(values, count, random);
        Matrix<double> basis = DenseMatrix.OfColumnVectors(chosen.Select(j => eigen.EigenVectors.Column(j)));
        List<int> items = [];
        while (items.Count < count)
        {
            int item = Draw(basis, random);
            items.Add(item);
            if (items.Count < count) basis = WithoutItem(basis, item);
        }
        return [.. items.Order()];
    }

    /// <summary>The likely subset that grows by the item of largest gain in determinant each time, the first of equals.</summary>
    /// <param name="kernel">L: symmetric, positive definite.</param>
    /// <param name="count">Its size.</param>
    /// <returns>Indices in ascending order.</returns>
    public static int[] Greedy(Matrix<double> kernel, int count)
    {
        Check(kernel, count);
        int n = kernel.RowCount;
        double[] gains = [.. Enumerable.Range(0, n).Select(i => kernel[i, i])];
        double[][] rows = new double[count][];
        List<int> items = [];
        for (int step = 0; step < count; step++)
        {
            int best = Enumerable.Range(0, n).Where(i => !items.Contains(i)).MaxBy(i => gains[i]);
            double root = Math.Sqrt(Math.Max(gains[best], double.Epsilon));
            // The next row of the Cholesky factor of L with the chosen items first.
            rows[step] = [.. Enumerable.Range(0, n).Select(i => (kernel[best, i] - rows.Take(step).Sum(row => row[best] * row[i])) / root)];
            for (int i = 0; i < n; i++) gains[i] -= rows[step][i] * rows[step][i];
            items.Add(best);
        }
        return [.. items.Order()];
    }

    /// <summary>Each eigenvector with the probability that its elementary symmetric polynomials give.</summary>
    private static int[] Eigenvectors(double[] values, int count, Random random)
    {
        // Scaled, so that the polynomials stay within range.
        double scale = values.Max();
        double[,] polynomials = new double[count + 1, values.Length + 1];
        for (int n = 0; n <= values.Length; n++) polynomials[0, n] = 1;
        for (int l = 1; l <= count; l++)
            for (int n = 1; n <= values.Length; n++) polynomials[l, n] = polynomials[l, n - 1] + (values[n - 1] / scale * polynomials[l - 1, n - 1]);

        List<int> chosen = [];
        for (int n = values.Length, left = count; left > 0; n--)
        {
            if (n > left && random.NextDouble() * polynomials[left, n] >= values[n - 1] / scale * polynomials[left - 1, n - 1]) continue;
            chosen.Add(n - 1);
            left--;
        }
        return [.. chosen];
    }

    private static int Draw(Matrix<double> basis, Random random)
    {
        double rest = random.NextDouble() * basis.ColumnCount;
        int last = 0;
        for (int i = 0; i < basis.RowCount; i++)
        {
            double weight = basis.Row(i).DotProduct(basis.Row(i));
            if (weight > 0) last = i;
            if ((rest -= weight) < 0) return i;
        }
        return last;
    }

    /// <summary>An orthonormal basis of the vectors in the span whose entry of the item is 0.</summary>
    private static Matrix<double> WithoutItem(Matrix<double> basis, int item)
    {
        int pivot = Enumerable.Range(0, basis.ColumnCount).MaxBy(j => Math.Abs(basis[item, j]));
        Vector<double> column = basis.Column(pivot) / basis[item, pivot];
        Matrix<double> rest = DenseMatrix.OfColumnVectors(Enumerable.Range(0, basis.ColumnCount).Where(j => j != pivot).Select(j => basis.Column(j) - (column * basis[item, j])));
        Matrix<double> orthonormal = rest.QR(QRMethod.Thin).Q;
        orthonormal.SetRow(item, new double[orthonormal.ColumnCount]);
        return orthonormal;
    }

    private static void Check(Matrix<double> kernel, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, kernel.RowCount);
    }
}
