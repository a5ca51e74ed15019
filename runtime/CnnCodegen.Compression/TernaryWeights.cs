namespace CnnCodegen.Compression;

/// <summary>Weights of -1, 0 and 1 with a scale for each filter (Kim, Smaragdis 2015, "Bitwise Neural Networks", section 3.2).</summary>
public static class TernaryWeights
{
    /// <summary>
    /// Sets the given share of the smallest weights of the layer to zero, and each other weight of a filter to the mean magnitude of those
    /// with its sign, which is nearest in the mean square.
    /// </summary>
    /// <param name="weights">The filters, one behind the other.</param>
    /// <param name="filters">How many.</param>
    /// <param name="zeros">The share of zeros at least, from 0 to 1; rounded up to whole weights. Weights that are zero stay zero.</param>
    public static float[] Of(float[] weights, int filters, double zeros)
    {
        Require.Share(zeros);
        Require.Finite(weights);
        float[] kept = MagnitudePruning.Keep(weights, weights.Length - checked((int)Math.Ceiling(zeros * weights.Length)));
        int length = weights.Length / filters;
        for (int filter = 0; filter < filters; filter++)
        {
            Span<float> row = kept.AsSpan(filter * length, length);
            double sum = 0;
            int count = 0;
            foreach (float weight in row) (sum, count) = (sum + Math.Abs(weight), weight == 0 ? count : count + 1);
            float scale = count == 0 ? 0 : (float)(sum / count);
            for (int i = 0; i < length; i++) row[i] = MathF.Sign(row[i]) * scale;
        }

        return kept;
    }
}
