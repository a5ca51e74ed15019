namespace CnnCodegen.Compression;

/// <summary>
/// Sets groups of weights to zero (Wen, Wu, Wang, Chen, Li 2016, "Learning Structured Sparsity in Deep Neural Networks"): a group goes where its
/// Euclidean norm is at most a threshold times the square root of its size, that is, where its root mean square is at most the threshold.
/// All methods return copies.
/// </summary>
public static class StructuredSparsity
{
    /// <summary>Whole filters: <c>W[k, :, :]</c>.</summary>
    /// <param name="weights">Filters x input channels x taps.</param>
    /// <param name="filters">Number of filters.</param>
    /// <param name="threshold">The largest root mean square that goes, not negative.</param>
    public static float[] Filters(float[] weights, int filters, double threshold) => Clear(weights, filters, 1, weights.Length / filters, threshold);

    /// <summary>Whole input channels: <c>W[:, c, :]</c>.</summary>
    /// <param name="weights">Filters x input channels x taps.</param>
    /// <param name="filters">Number of filters.</param>
    /// <param name="channels">Number of input channels.</param>
    /// <param name="threshold">The largest root mean square that goes, not negative.</param>
    public static float[] Channels(float[] weights, int filters, int channels, double threshold) => Clear(weights, channels, filters, weights.Length / (filters * channels), threshold);

    /// <summary>Single taps of an input channel, for all filters: <c>W[:, c, u, v]</c>.</summary>
    /// <param name="weights">Filters x input channels x taps.</param>
    /// <param name="filters">Number of filters.</param>
    /// <param name="threshold">The largest root mean square that goes, not negative.</param>
    public static float[] Shapes(float[] weights, int filters, double threshold) => Clear(weights, weights.Length / filters, filters, 1, threshold);

    /// <summary>Group g is the g-th run of every block of groups * run weights.</summary>
    private static float[] Clear(float[] weights, int groups, int blocks, int run, double threshold)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threshold);
        float[] cleared = (float[])weights.Clone();
        for (int g = 0; g < groups; g++)
        {
            double squares = 0;
            for (int b = 0; b < blocks; b++)
                foreach (float weight in weights.AsSpan(((b * groups) + g) * run, run)) squares += (double)weight * weight;
            if (!(squares <= threshold * threshold * blocks * run)) continue;
            for (int b = 0; b < blocks; b++) cleared.AsSpan(((b * groups) + g) * run, run).Clear();
        }
        return cleared;
    }
}
