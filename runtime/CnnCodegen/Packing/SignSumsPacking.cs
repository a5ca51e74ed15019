using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the filters of a convolution of floats with weights of one bit: the scale of each channel, the norm folded in, its bias, each at a
    /// multiple of 64 bytes, and behind them for each group, each pass and each block of filters the bits of [row of the window][group of signs][filter],
    /// in whole bytes: as many for each as the longest group has signs, 1 for above 0.
    /// </summary>
    /// <param name="offset">Where the scales begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps, each filter of one magnitude.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    /// <param name="outChannels">Filters of a group.</param>
    /// <param name="kernelRows">Rows of the window.</param>
    /// <param name="kernelColumns">Its columns.</param>
    /// <param name="signGroups">Into how many groups the C x columns signs of a row of the window are cut, as evenly as can be.</param>
    /// <param name="passes">Into how many passes these are cut.</param>
    /// <param name="filters">Filters of a block; they divide <paramref name="outChannels"/>.</param>
    public void SignSums(long offset, ConvTensors tensors, int groups, int outChannels, int kernelRows, int kernelColumns, int signGroups, int passes, int filters)
    {
        ReadOnlySpan<float> weights = tensors.Weights(this);
        int all = groups * outChannels, taps = kernelRows * kernelColumns, filter = weights.Length / all;
        SignScales(offset, Aligned(all), tensors, all);
        int[] sizes = Pieces(filter / kernelRows, signGroups), passGroups = Pieces(signGroups, passes);
        int blockBytes(int count) => ((kernelRows * count * filters * sizes[0]) + 7) / 8;
        int bytes = checked(groups * passGroups.Sum(count => checked(outChannels / filters * blockBytes(count))));
        Span<byte> patterns = MemoryMarshal.AsBytes(Packed(offset + (2 * Aligned(all)), (bytes + sizeof(float) - 1) / sizeof(float)));
        for (int first = 0; first < all; first += outChannels)
        {
            int sign = 0, signGroup = 0;
            foreach (int count in passGroups)
            {
                for (int i = 0; i < count; i++, signGroup++)
                    for (int bit = 0; bit < sizes[signGroup]; bit++, sign++)
                        for (int line = 0; line < outChannels * kernelRows; line++)
                        {
                            (int k, int row) = (line / kernelRows, line % kernelRows);
                            if (weights[((first + k) * filter) + (sign / kernelColumns * taps) + (row * kernelColumns) + (sign % kernelColumns)] < 0) continue;
                            int at = (((((row * count) + i) * filters) + (k % filters)) * sizes[0]) + bit;
                            patterns[(k / filters * blockBytes(count)) + (at / 8)] |= (byte)(1 << (at % 8));
                        }

                patterns = patterns[(outChannels / filters * blockBytes(count))..];
            }
        }
    }

    /// <summary>
    /// Packs a linear layer of floats with weights of one bit: the scale of each feature, the norm folded in, and its bias, as many as the
    /// vectors have lanes, each at a multiple of 64 bytes, and behind them the words of [block][32 input features][vector][lane], a bit for each
    /// sign, 1 for above 0.
    /// </summary>
    /// <param name="offset">Where the scales begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C, each row of one magnitude.</param>
    /// <param name="outFeatures">K.</param>
    /// <param name="lanes">Output features of a vector.</param>
    /// <param name="vectors">Vectors of them.</param>
    /// <param name="blocks">Into how many blocks the vectors are cut, as evenly as can be.</param>
    public void SignSumsLinear(long offset, ConvTensors tensors, int outFeatures, int lanes, int vectors, int blocks)
    {
        ReadOnlySpan<float> weights = tensors.Weights(this);
        int inFeatures = weights.Length / outFeatures, wordCount = (inFeatures + 31) / 32, feature = 0, start = 0;
        long scaleBytes = Aligned(vectors * lanes);
        SignScales(offset, scaleBytes, tensors, outFeatures);
        Span<uint> words = MemoryMarshal.Cast<float, uint>(Packed(offset + (2 * scaleBytes), checked(vectors * lanes * wordCount)));
        foreach (int size in Pieces(vectors, blocks))
        {
            for (int lane = 0; lane < size * lanes && feature < outFeatures; lane++, feature++)
                for (int i = 0; i < inFeatures; i++)
                    if (weights[(feature * inFeatures) + i] >= 0) words[start + (i / 32 * size * lanes) + lane] |= 1u << (i % 32);
            start += size * lanes * wordCount;
        }
    }

    /// <summary>The scale of each output, the norm folded in, and so many bytes behind it its bias.</summary>
    private void SignScales(long offset, long scaleBytes, ConvTensors tensors, int outputs)
    {
        double[] magnitudes = WeightScales.Magnitudes(tensors.Weights(this), outputs), folded = tensors.Scales(this, outputs);
        Span<float> scales = Packed(offset, outputs);
        for (int k = 0; k < outputs; k++) scales[k] = (float)(magnitudes[k] * folded[k]);
        tensors.Biases(this, Packed(offset + scaleBytes, outputs));
    }

    /// <summary>The sizes of so many pieces that are as even as can be, the larger ones first: those of the generator's Cut.</summary>
    private static int[] Pieces(int extent, int count)
    {
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) sizes[i] = (extent / count) + (i < extent % count ? 1 : 0);
        return sizes;
    }
}
