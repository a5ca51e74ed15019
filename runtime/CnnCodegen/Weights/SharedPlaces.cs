namespace CnnCodegen.Weights;

/// <summary>Where the filters of a layer have weights, taken together (Wen et al. 2016, "Learning Structured Sparsity in Deep Neural Networks", shape-wise).</summary>
public static class SharedPlaces
{
    /// <summary>The places of a filter at which any filter has a weight other than zero, in order.</summary>
    /// <param name="weights">The filters one after the other, each of the same length.</param>
    /// <param name="filters">How many they are.</param>
    public static int[] Of(ReadOnlySpan<float> weights, int filters)
    {
        bool[] used = new bool[weights.Length / filters];
        for (int i = 0; i < weights.Length; i++) used[i % used.Length] |= weights[i] != 0;
        return [.. Enumerable.Range(0, used.Length).Where(i => used[i])];
    }
}
