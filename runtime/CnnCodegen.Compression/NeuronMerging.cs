namespace CnnCodegen.Compression;

/// <summary>
/// Removes neurons whose incoming weights resemble those of another one, which then sends on for both (Srinivas, Babu 2015,
/// "Data-free Parameter Pruning for Deep Neural Networks"). Needs no samples.
/// </summary>
/// <remarks>
/// A neuron that is a positive multiple of another one is merged without any change of the outputs, as ReLU is positively homogeneous.
/// For other activations neurons are compared without normalising them, so that only equal ones are merged without change. Nothing but
/// the activation and pooling may stand between the two layers of a <see cref="HiddenLayer"/>: fold batch normalisations first.
/// </remarks>
public static class NeuronMerging
{
    /// <summary>One removal.</summary>
    /// <param name="Removed">The neuron that went.</param>
    /// <param name="Into">The neuron that took its outgoing weights; null for a constant neuron, which went into the next bias.</param>
    /// <param name="Saliency">What the removal cost by the paper's measure; 0 for a constant neuron.</param>
    public readonly record struct Removal(int Removed, int? Into, double Saliency);

    /// <summary>The layer that is left.</summary>
    /// <param name="Layer">Its weights.</param>
    /// <param name="Kept">The numbers that its neurons had before, ascending.</param>
    /// <param name="Removals">What was removed, in order.</param>
    public sealed record Result(HiddenLayer Layer, IReadOnlyList<int> Kept, IReadOnlyList<Removal> Removals);

    /// <summary>
    /// The cost of deleting neuron j into neuron i at [i, j]: the mean square of what j sends on, times the squared distance of the two.
    /// Infinite on the diagonal, for opposite neurons and for constant ones, which fold into a bias instead.
    /// </summary>
    /// <param name="layer">The neurons.</param>
    /// <param name="activation">The activation between the layers; null for ReLU.</param>
    public static double[,] Saliencies(HiddenLayer layer, Func<double, double>? activation = null)
    {
        MergeSearch search = new(layer, homogeneous: activation is null);
        double[,] saliencies = new double[layer.Neurons, layer.Neurons];
        for (int i = 0; i < layer.Neurons; i++)
            for (int j = 0; j < layer.Neurons; j++) saliencies[i, j] = search.Saliency(i, j);
        return saliencies;
    }

    /// <summary>
    /// The saliency at which the paper stops without data: the mode of the histogram of the finite saliencies. The histogram ends at their
    /// 95th percentile, as nearly opposite neurons have saliencies without bound, and its first fullest bin gives its middle.
    /// </summary>
    /// <param name="saliencies">From <see cref="Saliencies"/>.</param>
    /// <param name="bins">Number of equally wide bins.</param>
    public static double Cutoff(double[,] saliencies, int bins = 100)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        if (saliencies.Cast<double>().Any(s => !(s >= 0))) throw new ArgumentException("saliencies are not negative", nameof(saliencies));
        double[] finite = [.. saliencies.Cast<double>().Where(double.IsFinite).Order()];
        if (finite.Length == 0) return 0;
        double least = finite[0], width = (finite[(finite.Length - 1) * 95 / 100] - least) / bins;
        if (width == 0) return least;
        int[] counts = new int[bins];
        foreach (double s in finite.TakeWhile(s => s <= least + (bins * width))) counts[Math.Min(bins - 1, (int)((s - least) / width))]++;
        return least + ((Array.IndexOf(counts, counts.Max()) + 0.5) * width);
    }

    /// <summary>
    /// Folds constant neurons, then merges the pair of least saliency, again and again; among equal pairs the one with the lowest
    /// survivor, then the lowest neuron to go.
    /// </summary>
    /// <param name="layer">The neurons.</param>
    /// <param name="limit">How many neurons to remove at most; one always stays.</param>
    /// <param name="cutoff">The largest saliency at which to merge; infinity for any finite one.</param>
    /// <param name="activation">The activation between the layers; null for ReLU.</param>
    /// <param name="nextPads">Whether the next layer pads with zeros. Then a constant neuron stays unless its constant is 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is negative or as large as the layer, or the cutoff negative or NaN.</exception>
    public static Result Merge(
        HiddenLayer layer, int limit, double cutoff = double.PositiveInfinity, Func<double, double>? activation = null, bool nextPads = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(limit, layer.Neurons);
        if (!(cutoff >= 0)) throw new ArgumentOutOfRangeException(nameof(cutoff), cutoff, "must not be negative");
        MergeSearch search = new(layer, homogeneous: activation is null);
        List<Removal> removals = [];
        double[] nextBias = Array.ConvertAll(layer.NextBias, b => (double)b);
        for (int k = 0; k < layer.Neurons && removals.Count < limit; k++)
        {
            if (!search.IsConstant(k)) continue;
            double constant = activation is null ? Math.Max(layer.Bias[k], 0) : activation(layer.Bias[k]);
            if (constant != 0 && nextPads) continue;
            for (int i = 0; i < search.Outgoing[k].Length; i++) nextBias[i / layer.Taps] += constant * search.Outgoing[k][i];
            removals.Add(new(k, null, 0));
        }

        while (removals.Count < limit && search.Best() is (int into, int gone, double saliency) && saliency <= cutoff)
        {
            search.Merge(into, gone);
            removals.Add(new(gone, into, saliency));
        }

        int[] kept = [.. Enumerable.Range(0, layer.Neurons).Except(removals.Select(r => r.Removed))];
        HiddenLayer merged = layer.WithColumns(search.Outgoing, Array.ConvertAll(nextBias, b => (float)b)).Keep(kept);
        return new(merged, kept, removals);
    }
}
