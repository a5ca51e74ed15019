namespace CnnCodegen.Compression;

/// <summary>
/// The average percentage of zeros of each channel behind a rectifier, APoZ (Hu, Peng, Tai, Tang 2016, "Network Trimming: A Data-Driven
/// Neuron Pruning Approach towards Efficient Deep Architectures").
/// </summary>
public static class ChannelActivity
{
    /// <summary>The share of a channel's values, over all pixels and samples, that are zero; from 0 to 1.</summary>
    /// <param name="samples">Values of one layer for each sample: batch x channels x pixels.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="pixels">Values of one channel.</param>
    public static double[] ShareOfZeros(IEnumerable<float[]> samples, int channels, int pixels)
    {
        long[] zeros = new long[channels];
        long values = 0;
        foreach (float[] sample in samples)
        {
            for (int i = 0; i < sample.Length; i++)
                if (sample[i] == 0) zeros[i / pixels % channels]++;
            values += sample.Length / channels;
        }
        return Array.ConvertAll(zeros, count => values == 0 ? 0 : (double)count / values);
    }

    /// <summary>The channels whose share of zeros is above the mean of the layer's by more than a multiple of their standard deviation.</summary>
    /// <param name="shares">The share of each channel.</param>
    /// <param name="deviations">The multiple; 1 in the paper.</param>
    public static int[] Idle(double[] shares, double deviations)
    {
        if (shares.Length == 0) return [];
        double mean = shares.Average(), deviation = Math.Sqrt(shares.Average(s => (s - mean) * (s - mean)));
        return [.. Enumerable.Range(0, shares.Length).Where(c => shares[c] > mean + (deviations * deviation))];
    }
}
