namespace CnnCodegen.Execution;

/// <summary>An inference batch norm as one multiply-add per channel: y = x * Scale[c] + Shift[c].</summary>
/// <param name="Scale">weight / sqrt(running_var + epsilon).</param>
/// <param name="Shift">bias - running_mean * Scale.</param>
public sealed record FoldedNorm(double[] Scale, double[] Shift)
{
    /// <summary>Folds a batch norm, in double precision.</summary>
    /// <param name="weight">Its factor for each channel; the other tensors are as long.</param>
    /// <param name="bias">What it adds.</param>
    /// <param name="mean">The running mean.</param>
    /// <param name="variance">The running variance.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public static FoldedNorm Of(ReadOnlySpan<float> weight, ReadOnlySpan<float> bias, ReadOnlySpan<float> mean, ReadOnlySpan<float> variance, float epsilon)
    {
        double[] scale = new double[weight.Length], shift = new double[weight.Length];
        for (int c = 0; c < scale.Length; c++)
        {
            scale[c] = weight[c] / Math.Sqrt((double)variance[c] + epsilon);
            shift[c] = bias[c] - (mean[c] * scale[c]);
        }

        return new FoldedNorm(scale, shift);
    }
}
