using System.Numerics.Tensors;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CnnCodegen.Compression;

/// <summary>A vector as a sum of few words of a dictionary.</summary>
/// <param name="Words">Indices of the words, in the order in which they were chosen.</param>
/// <param name="Coefficients">What each is multiplied with.</param>
public sealed record SparseCode(int[] Words, double[] Coefficients);

/// <summary>Orthogonal matching pursuit (Pati, Rezaiifar, Krishnaprasad 1993).</summary>
public static class MatchingPursuit
{
    /// <summary>The residual counts as zero below this share of the vector.</summary>
    private const double Exact = 1e-6;

    /// <summary>
    /// Chooses words one by one, each the one most parallel to what the others leave over (the first of equals), and fits all coefficients
    /// by least squares every time. Fewer words than allowed where they give the vector already.
    /// </summary>
    /// <param name="dictionary">The words, of the vector's length.</param>
    /// <param name="vector">What to code.</param>
    /// <param name="terms">The most words to use.</param>
    public static SparseCode Code(IReadOnlyList<float[]> dictionary, float[] vector, int terms)
    {
        float[] norms = [.. dictionary.Select(word => TensorPrimitives.Norm<float>(word))];
        return Code(dictionary, norms, vector, terms);
    }

    internal static SparseCode Code(IReadOnlyList<float[]> dictionary, float[] norms, float[] vector, int terms)
    {
        List<int> words = [];
        double[] coefficients = [];
        float[] residual = (float[])vector.Clone();
        float least = (float)(Exact * TensorPrimitives.Norm<float>(vector));
        while (words.Count < terms && TensorPrimitives.Norm<float>(residual) > least)
        {
            int next = MostParallel(dictionary, norms, residual, words);
            if (next < 0) break;
            words.Add(next);
            if (Fit(dictionary, words, vector) is not { } fitted)
            {
                words.RemoveAt(words.Count - 1);
                break;
            }
            coefficients = fitted;
            vector.CopyTo(residual, 0);
            for (int i = 0; i < words.Count; i++) TensorPrimitives.MultiplyAdd(dictionary[words[i]], (float)-coefficients[i], residual, residual);
        }
        return new SparseCode([.. words], coefficients);
    }

    private static int MostParallel(IReadOnlyList<float[]> dictionary, float[] norms, float[] residual, List<int> used)
    {
        (int best, float largest) = (-1, 0);
        for (int i = 0; i < dictionary.Count; i++)
        {
            if (norms[i] == 0 || used.Contains(i)) continue;
            float cosine = Math.Abs(TensorPrimitives.Dot<float>(residual, dictionary[i])) / norms[i];
            if (cosine > largest) (best, largest) = (i, cosine);
        }
        return best;
    }

    /// <summary>Least squares by the normal equations of the few words; null where they depend on each other.</summary>
    private static double[]? Fit(IReadOnlyList<float[]> dictionary, List<int> words, float[] vector)
    {
        Matrix<double> gram = DenseMatrix.Create(words.Count, words.Count, (i, j) => Dot(dictionary[words[i]], dictionary[words[j]]));
        Vector<double> right = DenseVector.Create(words.Count, i => Dot(dictionary[words[i]], vector));
        try
        {
            double[] fitted = gram.Cholesky().Solve(right).ToArray();
            return fitted.All(double.IsFinite) ? fitted : null;
        }
        catch (ArgumentException)
        {
            // The matrix is not positive definite.
            return null;
        }
    }

    private static double Dot(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += (double)a[i] * b[i];
        return sum;
    }
}
