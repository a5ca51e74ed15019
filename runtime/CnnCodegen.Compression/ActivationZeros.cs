namespace CnnCodegen.Compression;

/// <summary>
/// Finds channels that are seldom active behind a ReLU, by their average percentage of zeros (APoZ; Hu, Peng, Tai, Tang 2016, "Network
/// Trimming: A Data-Driven Neuron Pruning Approach towards Efficient Deep Architectures"). Counts over as many batches as are added.
/// </summary>
public sealed class ActivationZeros
{
    private readonly long[] _zeros;
    private readonly double[] _sums;
    private long _positions;

    /// <summary>Nothing is counted yet.</summary>
    /// <param name="channels">Channels, or neurons, of the layer.</param>
    public ActivationZeros(int channels)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        (_zeros, _sums) = (new long[channels], new double[channels]);
    }

    /// <summary>The share of zeros in each channel, from 0 to 1.</summary>
    /// <exception cref="InvalidOperationException">No activations were added.</exception>
    public double[] Shares => PerPosition(_zeros, zeros => zeros);

    /// <summary>The mean activation of each channel.</summary>
    /// <exception cref="InvalidOperationException">No activations were added.</exception>
    public double[] Means => PerPosition(_sums, sum => sum);

    /// <summary>Counts the zeros, of either sign, of one batch.</summary>
    /// <param name="activations">N x C x positions, behind the activation function.</param>
    /// <param name="samples">N.</param>
    /// <exception cref="ArgumentException">The values are no such batch, or one is not finite; then nothing was counted.</exception>
    public void Add(ReadOnlySpan<float> activations, int samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(samples);
        long planes = (long)samples * _zeros.Length;
        if (activations.IsEmpty || activations.Length % planes != 0)
            throw new ArgumentException($"{activations.Length} values are no {samples} samples of {_zeros.Length} channels", nameof(activations));
        foreach (float value in activations)
            if (!float.IsFinite(value)) throw new ArgumentException($"an activation is {value}", nameof(activations));
        int positions = (int)(activations.Length / planes);
        for (int plane = 0; plane < planes; plane++)
        {
            int channel = plane % _zeros.Length;
            foreach (float value in activations.Slice(plane * positions, positions))
            {
                if (value == 0) _zeros[channel]++;
                _sums[channel] += value;
            }
        }

        _positions += (long)samples * positions;
    }

    /// <summary>
    /// Keeps the channels whose share of zeros is at most the mean share and so many standard deviations of the shares, or else the first
    /// one of least share.
    /// </summary>
    /// <param name="shares">From <see cref="Shares"/>.</param>
    /// <param name="deviations">1 in the paper.</param>
    /// <returns>The channels, ascending.</returns>
    public static int[] KeepByDeviation(double[] shares, double deviations = 1)
    {
        if (!(deviations >= 0)) throw new ArgumentOutOfRangeException(nameof(deviations), deviations, "must not be negative");
        Check(shares);
        double mean = shares.Average();
        double deviation = Math.Sqrt(shares.Average(s => (s - mean) * (s - mean)));
        return AtMost(shares, mean + (deviations * deviation) + 1e-12); // equal shares stay whichever way their mean was rounded
    }

    /// <summary>Keeps the channels whose share of zeros is at most a threshold, or else the first one of least share.</summary>
    /// <param name="shares">From <see cref="Shares"/>.</param>
    /// <param name="threshold">From 0 to 1.</param>
    /// <returns>The channels, ascending.</returns>
    public static int[] KeepByThreshold(double[] shares, double threshold)
    {
        Check(shares);
        Require.Share(threshold);
        return AtMost(shares, threshold);
    }

    /// <summary>
    /// Removes all other channels. Exact if those are dead. Otherwise their means may stand in for them in the next layer's bias, which
    /// is the best constant where that layer does not pad with zeros.
    /// </summary>
    /// <param name="layer">The channels, and the weights that read them.</param>
    /// <param name="kept">The channels that stay, ascending.</param>
    /// <param name="means">From <see cref="Means"/>; null to take the removed channels as 0.</param>
    /// <exception cref="ArgumentException">The kept ones are no ascending channels of the layer, or there is not one mean for each channel.</exception>
    public static HiddenLayer Trim(HiddenLayer layer, IReadOnlyList<int> kept, double[]? means = null)
    {
        HiddenLayer trimmed = layer.Keep(kept);
        if (means is null) return trimmed;
        if (means.Length != layer.Neurons) throw new ArgumentException($"there are {means.Length}, for {layer.Neurons} channels", nameof(means));
        double[] bias = Array.ConvertAll(layer.NextBias, b => (double)b);
        foreach (int gone in Enumerable.Range(0, layer.Neurons).Except(kept))
        {
            double[] sent = layer.Column(gone);
            for (int i = 0; i < sent.Length; i++) bias[i / layer.Taps] += sent[i] * means[gone];
        }

        return new(trimmed.Incoming, trimmed.Bias, trimmed.Outgoing, Array.ConvertAll(bias, b => (float)b));
    }

    private static void Check(double[] shares)
    {
        if (shares.Length == 0) throw new ArgumentException("there are no channels", nameof(shares));
        foreach (double share in shares) Require.Share(share, nameof(shares));
    }

    private static int[] AtMost(double[] shares, double limit)
    {
        int[] kept = [.. Enumerable.Range(0, shares.Length).Where(c => shares[c] <= limit)];
        return kept.Length > 0 ? kept : [Array.IndexOf(shares, shares.Min())];
    }

    private double[] PerPosition<T>(T[] counts, Func<T, double> value) => _positions > 0
        ? Array.ConvertAll(counts, c => value(c) / _positions)
        : throw new InvalidOperationException("No activations were added.");
}
