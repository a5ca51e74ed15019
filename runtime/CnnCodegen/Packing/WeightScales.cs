namespace CnnCodegen.Execution;

/// <summary>What one code of the weights of each filter is, where weights are whole numbers, codes, times a scale.</summary>
public sealed class WeightScales
{
    private readonly string? _tensor;
    private readonly int _bits;

    private WeightScales(string? tensor, int bits) => (_tensor, _bits) = (tensor, bits);

    /// <summary>A tensor holds the scale of each filter.</summary>
    /// <param name="tensor">Its name.</param>
    public static WeightScales Stored(string tensor) => new(tensor, 0);

    /// <summary>All filters share the grid of DoReFa-Net (Zhou et al. 2016), E (2 q / (2^bits - 1) - 1): the codes are 2 q - (2^bits - 1).</summary>
    /// <param name="bits">Bits of a weight, above 1.</param>
    public static WeightScales Grid(int bits) => new(null, bits);

    /// <summary>Each filter has one magnitude, its scale: the codes are -1, 0 and 1.</summary>
    public static WeightScales Magnitudes() => new(null, 0);

    /// <summary>The magnitude of each filter's weights.</summary>
    internal static double[] Magnitudes(ReadOnlySpan<float> weights, int filters)
    {
        double[] magnitudes = new double[filters];
        int filter = weights.Length / filters;
        for (int k = 0; k < magnitudes.Length; k++)
            foreach (float w in weights.Slice(k * filter, filter)) magnitudes[k] = Math.Max(magnitudes[k], Math.Abs(w));
        return magnitudes;
    }

    /// <summary>The code of a weight; that of a filter of zeros, which has no magnitude, is 0.</summary>
    internal static int Code(float weight, double scale) => scale == 0 ? 0 : (int)Math.Round(weight / scale);

    /// <summary>The scale of each filter.</summary>
    internal double[] Of(WeightPacker packer, string weight, int filters)
    {
        ReadOnlySpan<float> weights = packer.Tensor(weight);
        if (_tensor is null && _bits == 0) return Magnitudes(weights, filters);
        ReadOnlySpan<float> stored = _tensor is null ? default : packer.Tensor(_tensor);
        double shared = _tensor is null ? WeightGrid.Scale(weights, _bits) / WeightGrid.Codes(_bits) : 0;
        double[] scales = new double[filters];
        for (int k = 0; k < scales.Length; k++) scales[k] = _tensor is null ? shared : stored[k];
        return scales;
    }
}
