using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CnnCodegen.Compression;

/// <summary>
/// Filters as sparse combinations of spatial filters of mixed channels (Liu, Wang, Foroosh, Tappen, Pensky 2015, "Sparse Convolutional Neural
/// Networks"): w[k, c, t] = Σ_d P[d, c] Σ_l S[k, d, l] Q[d, l, t]. Both bases are principal components, without a mean; with all of them and all
/// coefficients the product is the filters again.
/// </summary>
/// <param name="Channels">P: channels x channels, orthonormal rows.</param>
/// <param name="Spatial">Q: channels x bases x taps.</param>
/// <param name="Coefficients">S: filters x channels x bases.</param>
public sealed record SparseDecomposition(float[] Channels, float[] Spatial, float[] Coefficients)
{
    /// <summary>Decomposes a layer and keeps the largest coefficients.</summary>
    /// <param name="weights">Filters x channels x taps.</param>
    /// <param name="filters">Number of filters.</param>
    /// <param name="channels">Number of input channels.</param>
    /// <param name="bases">Spatial filters for each channel, at most as many as taps.</param>
    /// <param name="density">The share of coefficients to keep, rounded up, from 0 to 1.</param>
    public static SparseDecomposition Of(float[] weights, int filters, int channels, int bases, double density)
    {
        int taps = weights.Length / (filters * channels);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bases);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bases, taps);
        Matrix<double> unfolded = DenseMatrix.Create(filters * taps, channels, (row, c) => weights[(((row / taps * channels) + c) * taps) + (row % taps)]);
        Matrix<double> mix = Components(unfolded), mixed = unfolded * mix.Transpose();
        float[] spatial = new float[channels * bases * taps], coefficients = new float[filters * channels * bases];
        for (int d = 0; d < channels; d++)
        {
            Matrix<double> filter = DenseMatrix.Create(filters, taps, (k, t) => mixed[(k * taps) + t, d]);
            Matrix<double> basis = Components(filter), product = filter * basis.Transpose();
            for (int l = 0; l < bases; l++)
            {
                for (int t = 0; t < taps; t++) spatial[(((d * bases) + l) * taps) + t] = (float)basis[l, t];
                for (int k = 0; k < filters; k++) coefficients[(((k * channels) + d) * bases) + l] = (float)product[k, l];
            }
        }
        return new SparseDecomposition([.. mix.EnumerateRows().SelectMany(row => row).Select(p => (float)p)], spatial, MagnitudePruning.ToDensity(coefficients, density));
    }

    /// <summary>The filters that the factors multiply out to: filters x channels x taps.</summary>
    /// <param name="filters">Number of filters.</param>
    public float[] Expand(int filters)
    {
        int channels = (int)Math.Sqrt(Channels.Length), bases = Coefficients.Length / (filters * channels), taps = Spatial.Length / (channels * bases);
        double[] weights = new double[filters * channels * taps];
        for (int k = 0; k < filters; k++)
        {
            for (int d = 0; d < channels; d++)
            {
                for (int t = 0; t < taps; t++)
                {
                    double sum = 0;
                    for (int l = 0; l < bases; l++) sum += (double)Coefficients[(((k * channels) + d) * bases) + l] * Spatial[(((d * bases) + l) * taps) + t];
                    for (int c = 0; c < channels; c++) weights[(((k * channels) + c) * taps) + t] += Channels[(d * channels) + c] * sum;
                }
            }
        }
        return Array.ConvertAll(weights, w => (float)w);
    }

    /// <summary>Orthonormal rows in the order of the part of all rows' squares that they hold.</summary>
    private static Matrix<double> Components(Matrix<double> rows)
    {
        Matrix<double> vectors = rows.TransposeThisAndMultiply(rows).Evd(Symmetricity.Symmetric).EigenVectors;
        // Eigenvalues ascend.
        return DenseMatrix.OfRowVectors(Enumerable.Range(0, vectors.ColumnCount).Select(i => vectors.Column(vectors.ColumnCount - 1 - i)));
    }
}
