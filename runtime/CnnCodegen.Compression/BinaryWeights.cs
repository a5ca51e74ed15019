namespace CnnCodegen.Compression;

/// <summary>Binary weights with a scale for each filter (Rastegari et al. 2016, "XNOR-Net", section 3.1).</summary>
public static class BinaryWeights
{
    /// <summary>
    /// The binary filters nearest to the given ones in the mean square: sign(w) times the filter's mean magnitude, where the sign of 0 is +1.
    /// </summary>
    /// <param name="weights">The filters, one behind the other.</param>
    /// <param name="filters">How many.</param>
    public static float[] Of(float[] weights, int filters)
    {
        int length = weights.Length / filters;
        float[] binary = new float[weights.Length];
        for (int filter = 0; filter < filters; filter++)
        {
            ReadOnlySpan<float> source = weights.AsSpan(filter * length, length);
            double sum = 0;
            foreach (float weight in source) sum += Math.Abs(weight);
            float scale = (float)(sum / length);
            for (int i = 0; i < length; i++) binary[(filter * length) + i] = source[i] >= 0 ? scale : -scale;
        }
        return binary;
    }
}
