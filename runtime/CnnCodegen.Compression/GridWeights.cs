namespace CnnCodegen.Compression;

/// <summary>Weights of a few bits (Zhou et al. 2016, "DoReFa-Net", equation 9).</summary>
public static class GridWeights
{
    /// <summary>
    /// 2 quantize(tanh(w) / (2 max|tanh(w)|) + 1/2) - 1, where quantize rounds to multiples of 1 / (2^bits - 1), half-way cases to even:
    /// odd multiples of that, between -1 and 1. Of zeros alone nothing can be made.
    /// </summary>
    /// <param name="weights">The weights of one layer.</param>
    /// <param name="bits">2 to 8.</param>
    /// <returns>The weights, and the factor by which they come nearest to the given ones in the mean square.</returns>
    /// <exception cref="ArgumentException">All weights are zero, or one is infinite or no number.</exception>
    public static (float[] Weights, float Scale) Of(float[] weights, int bits)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        Require.Finite(weights);
        double largest = weights.Max(w => Math.Tanh(Math.Abs((double)w)));
        if (largest == 0) throw new ArgumentException("are all zero, which is on no grid of an even number of values", nameof(weights));
        int codes = (1 << bits) - 1;
        float[] grid = Array.ConvertAll(weights, w => (float)((2 * Math.Round(codes * ((Math.Tanh(w) / (2 * largest)) + 0.5)) / codes) - 1));
        double product = 0, square = 0;
        for (int i = 0; i < grid.Length; i++) (product, square) = (product + ((double)grid[i] * weights[i]), square + ((double)grid[i] * grid[i]));
        return (grid, (float)(product / square));
    }
}
