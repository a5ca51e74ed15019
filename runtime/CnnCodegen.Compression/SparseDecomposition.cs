using MathNet.Numerics.LinearAlgebra;

namespace CnnCodegen.Compression;

/// <summary>
/// Factorises a convolution so that most of the coefficients that are left may be zero (Liu, Wang, Foroosh, Tappen, Pensky 2015, "Sparse
/// Convolutional Neural Networks"): principal components of the channels, then of each component's spatial filters. This is the paper's
/// starting point; its training, which makes coefficients small, is left to others.
/// </summary>
/// <remarks>
/// All bases are orthonormal. Therefore the squared error of the weights is the sum of the squares of all coefficients that are removed,
/// by smaller bases or by a density.
/// </remarks>
public static class SparseDecomposition
{
    /// <summary>Factorises the weights of a convolution, or of one of its groups; exactly but for rounding if the spatial bases are full.</summary>
    /// <param name="weights">K x C x T.</param>
    /// <param name="outputs">K.</param>
    /// <param name="channels">C.</param>
    /// <param name="spatialFilters">How many spatial filters each mixed channel gets, from 1 to T; T if null.</param>
    /// <param name="mixChannels">Whether to mix channels; otherwise their basis is the identity, which few channels are better off with.</param>
    /// <exception cref="ArgumentException">The weights have another shape or are not finite, or there are too many or too few filters.</exception>
    public static SparseFactors Decompose(float[] weights, int outputs, int channels, int? spatialFilters = null, bool mixChannels = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(outputs);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        ArgumentNullException.ThrowIfNull(weights);
        int taps = (int)(weights.Length / ((long)outputs * channels));
        if (taps == 0) throw new ArgumentException($"{weights.Length} values are no {outputs} filters of {channels} channels", nameof(weights));
        Require.Tensor(weights, (long)outputs * channels * taps, $"{outputs} filters of {channels} channels of {taps} taps");
        int size = spatialFilters ?? taps;
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1, nameof(spatialFilters));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(size, taps, nameof(spatialFilters));

        // Column k * T + t of the unfolding holds the channels of one position of one filter.
        var unfolded = Matrix<double>.Build.Dense(channels, outputs * taps, (c, i) => weights[(((i / taps * channels) + c) * taps) + (i % taps)]);
        var basis = mixChannels ? PrincipalRows(unfolded, channels) : Matrix<double>.Build.DenseIdentity(channels);
        var mixed = basis * unfolded;
        float[] spatial = new float[channels * size * taps], coefficients = new float[outputs * channels * size];
        for (int d = 0; d < channels; d++)
        {
            var filters = Matrix<double>.Build.Dense(taps, outputs, (t, k) => mixed[d, (k * taps) + t]);
            var rows = PrincipalRows(filters, size);
            var shares = rows * filters;
            for (int l = 0; l < size; l++)
            {
                for (int t = 0; t < taps; t++) spatial[(((d * size) + l) * taps) + t] = (float)rows[l, t];
                for (int k = 0; k < outputs; k++) coefficients[(k * channels * size) + (d * size) + l] = (float)shares[l, k];
            }
        }

        return new(outputs, channels, taps, [.. Enumerable.Repeat(size, channels)], ToFloats(basis), spatial, coefficients);
    }

    /// <summary>
    /// The directions, a row each, of the largest squared sums of a matrix's columns, about 0 and not about their mean; the largest first,
    /// each with its element of largest magnitude positive.
    /// </summary>
    private static Matrix<double> PrincipalRows(Matrix<double> columns, int count)
    {
        var eigen = columns.TransposeAndMultiply(columns).Evd(Symmetricity.Symmetric);
        var rows = Matrix<double>.Build.Dense(count, columns.RowCount);
        for (int i = 0; i < count; i++)
        {
            var vector = eigen.EigenVectors.Column(columns.RowCount - 1 - i); // their eigenvalues ascend
            rows.SetRow(i, vector[vector.AbsoluteMaximumIndex()] < 0 ? -vector : vector);
        }

        return rows;
    }

    private static float[] ToFloats(Matrix<double> matrix) => Array.ConvertAll(matrix.ToRowMajorArray(), v => (float)v);
}
