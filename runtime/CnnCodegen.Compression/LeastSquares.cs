using System.Numerics.Tensors;

namespace CnnCodegen.Compression;

/// <summary>
/// Linear least squares by an orthogonal factorisation with column pivoting (modified Gram-Schmidt, which also reduces the right sides
/// and so is as stable as Householder's; Björck 1967). Columns that depend on others get the coefficient 0.
/// </summary>
internal static class LeastSquares
{
    // Data are float32: a smaller remainder of a column is its rounding, and fitting that takes coefficients that float32 cannot hold.
    private const double Dependent = 1e-6;

    // The same for squares of remainders, which are known to fewer digits.
    private const double DependentSquare = 1e-10;

    /// <summary>The X of least ‖B - A X‖, column by column.</summary>
    /// <param name="columns">The p columns of A, of T elements each; overwritten.</param>
    /// <param name="rightSides">The q columns of B, of T elements each; overwritten with the residuals B - A X.</param>
    /// <returns>The q columns of X, of p elements each.</returns>
    public static double[][] Solve(double[][] columns, double[][] rightSides)
    {
        int count = columns.Length;
        int[] order = [.. Enumerable.Range(0, count)];
        double[][] r = [.. columns.Select(_ => new double[count])];
        double[][] reduced = [.. rightSides.Select(_ => new double[count])];
        double[] rounding = [.. columns.Select(column => Dependent * TensorPrimitives.Norm<double>(column))];
        int rank = 0;
        for (; rank < count; rank++)
        {
            (double norm, int pivot) = Largest(columns, order, rank, rounding);
            if (norm == 0) break;
            // Of equal norms the lowest index goes first: the rotation keeps the others in their order.
            int column = order[pivot];
            Array.Copy(order, rank, order, rank + 1, pivot - rank);
            order[rank] = column;
            r[rank][column] = norm;
            double[] direction = columns[column];
            TensorPrimitives.Divide(direction, norm, direction);
            foreach (int other in order.AsSpan(rank + 1)) r[rank][other] = Remove(columns[other], direction);
            for (int i = 0; i < rightSides.Length; i++) reduced[i][rank] = Remove(rightSides[i], direction);
        }

        return [.. reduced.Select(side => BackSubstitute(r, order.AsSpan(0, rank), side))];
    }

    /// <summary>The longest of the columns that are still to come and more than rounding; the first of equals; 0 if there is none.</summary>
    private static (double Norm, int Position) Largest(double[][] columns, int[] order, int from, double[] rounding)
    {
        (double longest, int position) = (0, from);
        for (int i = from; i < order.Length; i++)
        {
            double norm = TensorPrimitives.Norm<double>(columns[order[i]]);
            if (norm > longest && norm > rounding[order[i]]) (longest, position) = (norm, i);
        }

        return (longest, position);
    }

    /// <summary>Subtracts a vector's part along a unit vector and returns its length.</summary>
    private static double Remove(double[] vector, double[] direction)
    {
        double length = TensorPrimitives.Dot<double>(vector, direction);
        TensorPrimitives.MultiplyAdd(direction, -length, vector, vector);
        return length;
    }

    private static double[] BackSubstitute(double[][] r, ReadOnlySpan<int> order, double[] side)
    {
        double[] x = new double[r.Length];
        for (int i = order.Length - 1; i >= 0; i--)
        {
            double sum = side[i];
            foreach (int later in order[(i + 1)..]) sum -= r[i][later] * x[later];
            x[order[i]] = sum / r[i][order[i]];
        }

        return x;
    }

    /// <summary>
    /// The x of least ‖b - A x‖ by the normal equations and a Cholesky factorisation with pivoting: less exact than
    /// <see cref="Solve"/>, but without any work over the samples, for many supports of the same inputs.
    /// </summary>
    /// <param name="products">Inner products of the p columns of A: element [i][j] belongs to columns i and j.</param>
    /// <param name="right">Inner products of the columns with b.</param>
    public static double[] SolveNormal(double[][] products, double[] right)
    {
        int count = right.Length;
        double[] left = [.. Enumerable.Range(0, count).Select(i => products[i][i])];
        double[] rounding = [.. left.Select(square => DependentSquare * square)];
        double[][] factor = [.. left.Select(_ => new double[count])];
        List<int> order = [];
        double[] reduced = new double[count], x = new double[count];
        for (int n = 0; n < count; n++)
        {
            int pivot = -1;
            for (int i = 0; i < count; i++)
                if (left[i] > rounding[i] && (pivot < 0 || left[i] > left[pivot])) pivot = i;
            if (pivot < 0) break;
            ReadOnlySpan<double> row = factor[pivot].AsSpan(0, n);
            double length = factor[pivot][n] = Math.Sqrt(left[pivot]);
            reduced[n] = (right[pivot] - TensorPrimitives.Dot(row, reduced.AsSpan(0, n))) / length;
            left[pivot] = 0;
            order.Add(pivot);
            for (int i = 0; i < count; i++)
            {
                if (!(left[i] > rounding[i])) continue;
                double part = factor[i][n] = (products[pivot][i] - TensorPrimitives.Dot(row, factor[i].AsSpan(0, n))) / length;
                left[i] -= part * part;
            }
        }

        for (int n = order.Count - 1; n >= 0; n--)
        {
            double sum = reduced[n];
            for (int later = n + 1; later < order.Count; later++) sum -= factor[order[later]][n] * x[order[later]];
            x[order[n]] = sum / factor[order[n]][n];
        }

        return x;
    }
}
