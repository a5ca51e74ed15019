namespace CnnCodegen.Compression;

/// <summary>
/// Sets the smallest weights to zero (Han, Pool, Tran, Dally 2015, "Learning both Weights and Connections for Efficient Neural Networks").
/// All methods return copies; a zero of either sign becomes 0.
/// </summary>
public static class MagnitudePruning
{
    /// <summary>Keeps so many of the weights of largest magnitude; among equal ones, the first.</summary>
    /// <param name="weights">The weights of one layer.</param>
    /// <param name="count">How many to keep, from 0 to all.</param>
    public static float[] Keep(float[] weights, int count) => KeepOf([weights], count)[0];

    /// <summary>Keeps a share of one layer's weights, rounded up to whole weights.</summary>
    /// <param name="weights">The weights of one layer.</param>
    /// <param name="density">The share, from 0 to 1.</param>
    public static float[] ToDensity(float[] weights, double density) => Keep(weights, Count(weights.LongLength, density));

    /// <summary>Keeps a share of the weights of all layers together: a layer of small weights keeps fewer than one of large ones.</summary>
    /// <param name="layers">The weights of each layer.</param>
    /// <param name="density">The share, from 0 to 1.</param>
    public static float[][] ToGlobalDensity(IReadOnlyList<float[]> layers, double density) => KeepOf(layers, Count(layers.Sum(l => l.LongLength), density));

    /// <summary>Keeps the weights whose magnitude is at least a multiple of their standard deviation.</summary>
    /// <param name="weights">The weights of one layer.</param>
    /// <param name="quality">The multiple, not negative.</param>
    public static float[] ByDeviation(float[] weights, double quality)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quality);
        double mean = weights.Length == 0 ? 0 : weights.Average(w => (double)w);
        double deviation = weights.Length == 0 ? 0 : Math.Sqrt(weights.Average(w => (w - mean) * (w - mean)));
        return Array.ConvertAll(weights, w => Math.Abs(w) < quality * deviation ? 0 : w + 0f);
    }

    private static int Count(long weights, double density)
    {
        if (density is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(density), density, "must be from 0 to 1");
        return checked((int)Math.Ceiling(density * weights));
    }

    private static float[][] KeepOf(IReadOnlyList<float[]> layers, int count)
    {
        float[] magnitudes = [.. layers.SelectMany(layer => layer, (_, w) => Magnitude(w))];
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, magnitudes.Length);
        if (count == 0) return [.. layers.Select(layer => new float[layer.Length])];
        Array.Sort(magnitudes);
        float least = magnitudes[^count];
        int ties = count - magnitudes.Count(m => m > least);
        return [.. layers.Select(layer => Array.ConvertAll(layer, w =>
        {
            float magnitude = Magnitude(w);
            bool kept = magnitude > least || (magnitude == least && ties-- > 0);
            return kept ? w + 0f : 0;
        }))];
    }

    /// <summary>What is no number is kept as long as anything, so that no error goes away silently.</summary>
    private static float Magnitude(float weight) => float.IsNaN(weight) ? float.PositiveInfinity : Math.Abs(weight);
}
