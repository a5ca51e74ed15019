using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the filters of a convolution of floats with weights of one bit: the scale of each channel, the norm folded in, its bias, and
    /// [pass][channel][row of the window][group] a byte, a bit for each sign of the group, 1 for above 0; each part at a multiple of 64 bytes.
    /// </summary>
    /// <param name="offset">Where the scales begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps, each filter of one magnitude.</param>
    /// <param name="outChannels">K.</param>
    /// <param name="kernelRows">Rows of the window.</param>
    /// <param name="kernelColumns">Its columns.</param>
    /// <param name="groups">Into how many groups the C x columns signs of a row of the window are cut, as evenly as can be.</param>
    /// <param name="passes">Into how many passes the groups are cut.</param>
    /// <param name="unit">What the lowest bit of a byte is worth.</param>
    public void SignSums(long offset, ConvTensors tensors, int outChannels, int kernelRows, int kernelColumns, int groups, int passes, int unit)
    {
        ReadOnlySpan<float> weights = tensors.Weights(this);
        int taps = kernelRows * kernelColumns, filter = weights.Length / outChannels;
        double[] magnitudes = WeightScales.Magnitudes(weights, outChannels), folded = tensors.Scales(this, outChannels);
        Span<float> scales = Packed(offset, outChannels);
        for (int k = 0; k < outChannels; k++) scales[k] = (float)(magnitudes[k] * folded[k]);
        tensors.Biases(this, Packed(offset + Aligned(outChannels), outChannels));
        Span<byte> patterns = MemoryMarshal.AsBytes(Packed(offset + (2 * Aligned(outChannels)), (checked(outChannels * kernelRows * groups) + sizeof(float) - 1) / sizeof(float)));
        int[] sizes = Pieces(filter / kernelRows, groups);
        int sign = 0, group = 0;
        foreach (int passGroups in Pieces(groups, passes))
        {
            Span<byte> pass = patterns.Slice(group * outChannels * kernelRows, passGroups * outChannels * kernelRows);
            for (int i = 0; i < passGroups; i++, group++)
                for (int bit = 0; bit < sizes[group]; bit++, sign++)
                    for (int line = 0; line < outChannels * kernelRows; line++)
                        if (weights[(line / kernelRows * filter) + (sign / kernelColumns * taps) + (line % kernelRows * kernelColumns) + (sign % kernelColumns)] >= 0)
                            pass[(line * passGroups) + i] |= (byte)(unit << bit);
        }
    }

    /// <summary>The sizes of so many pieces that are as even as can be, the larger ones first: those of the generator's Cut.</summary>
    private static int[] Pieces(int extent, int count)
    {
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) sizes[i] = (extent / count) + (i < extent % count ? 1 : 0);
        return sizes;
    }
}
