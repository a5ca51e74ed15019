namespace CnnCodegen.Compression;

/// <summary>
/// Prunes a layer by the error of its outputs and not by the magnitude of its weights alone (Yang, Chen, Sze 2017, "Designing
/// Energy-Efficient Convolutional Neural Networks Using Energy-Aware Pruning"). Prune the layers in the order of
/// <see cref="EnergyCosts.Order"/>, each on inputs that the layers pruned before it made.
/// </summary>
public static class EnergyAwarePruning
{
    /// <summary>
    /// Cuts more of the smallest weights than asked for, restores in each filter those that lower its error most, and fits what is kept by
    /// least squares. Each filter keeps as many weights as magnitude pruning to the same density would leave it, and has no larger an error
    /// on the samples: a filter that greedy restoring served worse keeps the weights of largest magnitude.
    /// </summary>
    /// <param name="weights">K x L: a filter a row, of one group if the layer has several.</param>
    /// <param name="filters">K.</param>
    /// <param name="fit">Sampled inputs, of windows of L values. The work for a filter grows with the cube of what it keeps.</param>
    /// <param name="density">The share of weights to keep, from 0 to 1.</param>
    /// <param name="firstDensity">The share that the first cut leaves, from 0 to the density.</param>
    /// <param name="targets">The outputs to come near, T x K, without bias: those of the network before any pruning. Null for what the weights make of the samples.</param>
    /// <returns>The pruned weights, K x L.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, values are not finite or densities out of range.</exception>
    public static float[] Prune(float[] weights, int filters, FilterFit fit, double density, double firstDensity, float[]? targets = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(filters);
        Require.Tensor(weights, (long)filters * fit.Length, $"{filters} filters of {fit.Length}");
        if (targets is not null) Require.Tensor(targets, (long)fit.Samples * filters, $"{fit.Samples} samples of {filters} filters");
        Require.Share(density);
        Require.Share(firstDensity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstDensity, density);
        float[][] original = [.. weights.Chunk(fit.Length)];
        float[][] largest = [.. MagnitudePruning.ToDensity(weights, density).Chunk(fit.Length)];
        float[][] first = [.. MagnitudePruning.ToDensity(weights, firstDensity).Chunk(fit.Length)];
        float[][] pruned = new float[filters][];
        Parallel.For(0, filters, k =>
        {
            double[] wanted = targets is null
                ? fit.Outputs(original[k])
                : [.. Enumerable.Range(0, fit.Samples).Select(t => (double)targets[(t * filters) + k])];
            bool[] byMagnitude = Kept(largest[k]);
            bool[] restored = fit.Restore(original[k], Kept(first[k]), byMagnitude.Count(kept => kept), wanted);
            float[][] candidates = [fit.Tune(original[k], restored, wanted), fit.Tune(original[k], byMagnitude, wanted), largest[k]];
            pruned[k] = candidates.MinBy(candidate => fit.Error(candidate, wanted))!;
        });
        return [.. pruned.SelectMany(filter => filter)];
    }

    private static bool[] Kept(float[] filter) => Array.ConvertAll(filter, w => w != 0);
}
