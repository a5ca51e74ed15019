namespace CnnCodegen.Execution;

/// <summary>The grid of the weights of DoReFa-Net (Zhou et al. 2016, equation 9), E (2 q / n - 1) with whole q from 0 to n = 2^bits - 1.</summary>
internal static class WeightGrid
{
    /// <summary>What a weight may be off its place, of the distance from -E to E.</summary>
    private const double Rounding = 1e-5;

    /// <summary>The greatest code.</summary>
    public static int Codes(int bits) => (1 << bits) - 1;

    /// <summary>The E of a layer: 1 as in the paper where its weights lie on that grid, otherwise their greatest magnitude.</summary>
    public static double Scale(ReadOnlySpan<float> weights, int bits) => Stray(weights, bits, 1) is null ? 1 : WeightScales.Magnitudes(weights, 1)[0];

    /// <summary>The first weight that is off the grid by more than rounding; null if there is none.</summary>
    public static float? Stray(ReadOnlySpan<float> weights, int bits, double scale)
    {
        int codes = Codes(bits);
        foreach (float weight in weights)
        {
            double code = ((weight / scale) + 1) * codes / 2;
            if (!(Math.Abs(code - Math.Round(code)) <= Rounding * codes && Math.Abs(weight) <= scale * (1 + Rounding))) return weight;
        }
        return null;
    }
}
