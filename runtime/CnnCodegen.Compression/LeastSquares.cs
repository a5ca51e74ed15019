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
}
