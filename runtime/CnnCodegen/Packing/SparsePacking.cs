using System.Globalization;
using System.Runtime.InteropServices;
using CnnCodegen.Weights;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>Refuses weights of which more are not zero than the layer's <see cref="SparseAttribute"/> promises; -0 counts as zero.</summary>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="nonZeros">How many may be other than zero.</param>
    /// <exception cref="WeightFileException">There are more.</exception>
    public void RequireZeros(string tensor, int nonZeros)
    {
        ReadOnlySpan<float> weights = Tensor(tensor);
        int found = 0;
        foreach (float w in weights) found += w != 0 ? 1 : 0;
        if (found <= nonZeros) return;
        throw new WeightFileException(_file.Source, tensor, string.Create(CultureInfo.InvariantCulture,
            $"{found} of {weights.Length} weights are not zero, expected at most {nonZeros}; prune the weights, or let the layer's attribute promise a density of {Math.Ceiling(1e4 * found / weights.Length) / 1e4}"));
    }

    /// <summary>
    /// Packs the weights of a convolution that are not zero: the biases; at the next multiple of 64 bytes the number of the first weight of each
    /// [group][block][output channel], and at the end that of all; at the next such multiple the weights, each the offset of its input and its value.
    /// </summary>
    /// <param name="offset">Where the biases begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    /// <param name="outChannels">Output channels of a group.</param>
    /// <param name="inChannels">Input channels of a group.</param>
    /// <param name="blockChannels">Input channels of a block.</param>
    /// <param name="channelBytes">Bytes from an input channel of a block to the next.</param>
    /// <param name="taps">Where each tap lies in a channel, in bytes.</param>
    /// <param name="entries">Room for so many weights.</param>
    public void SparseConv(
        long offset, ConvTensors tensors, int groups, int outChannels, int inChannels, int blockChannels, int channelBytes, ReadOnlySpan<int> taps, int entries)
    {
        int blocks = (inChannels + blockChannels - 1) / blockChannels, row = 0, entry = 0;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] scales = tensors.Scales(this, groups * outChannels);
        tensors.Biases(this, Packed(offset, groups * outChannels));
        offset += Aligned(groups * outChannels);
        Span<int> starts = Integers(offset, (groups * blocks * outChannels) + 1);
        offset += Aligned(starts.Length);
        Span<float> values = Packed(offset, checked(2 * entries));
        Span<int> offsets = MemoryMarshal.Cast<float, int>(values);
        for (int g = 0; g < groups; g++)
        {
            for (int first = 0; first < inChannels; first += blockChannels)
            {
                int channels = Math.Min(blockChannels, inChannels - first);
                for (int k = g * outChannels; k < (g + 1) * outChannels; k++)
                {
                    starts[row++] = entry;
                    ReadOnlySpan<float> filter = weights.Slice(((k * inChannels) + first) * taps.Length, channels * taps.Length);
                    for (int i = 0; i < filter.Length; i++)
                    {
                        if (filter[i] == 0) continue;
                        offsets[2 * entry] = (i / taps.Length * channelBytes) + taps[i % taps.Length];
                        values[(2 * entry) + 1] = (float)(filter[i] * scales[k]);
                        entry++;
                    }
                }
            }
        }

        starts[row] = entry;
    }

    /// <summary>
    /// Packs the weights of a linear layer that are not zero, row by row: the biases, the number of each row's first weight and at the end that of
    /// all, the values, and the indices of their inputs, of two bytes where there are few enough inputs; each part at a multiple of 64 bytes.
    /// </summary>
    /// <param name="offset">Where the biases begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C.</param>
    /// <param name="outFeatures">K.</param>
    /// <param name="inFeatures">C.</param>
    /// <param name="entries">Room for so many weights.</param>
    public void SparseLinear(long offset, ConvTensors tensors, int outFeatures, int inFeatures, int entries)
    {
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] scales = tensors.Scales(this, outFeatures);
        tensors.Biases(this, Packed(offset, outFeatures));
        offset += Aligned(outFeatures);
        Span<int> starts = Integers(offset, outFeatures + 1);
        offset += Aligned(starts.Length);
        Span<float> values = Packed(offset, entries);
        offset += Aligned(entries);
        bool isShort = inFeatures <= ushort.MaxValue + 1;
        Span<int> indices = Integers(offset, isShort ? (entries + 1) / 2 : entries);
        Span<ushort> shortIndices = MemoryMarshal.Cast<int, ushort>(indices);
        int entry = 0;
        for (int k = 0; k < outFeatures; k++)
        {
            starts[k] = entry;
            ReadOnlySpan<float> row = weights.Slice(k * inFeatures, inFeatures);
            for (int i = 0; i < row.Length; i++)
            {
                if (row[i] == 0) continue;
                if (isShort) shortIndices[entry] = (ushort)i;
                else indices[entry] = i;
                values[entry++] = (float)(row[i] * scales[k]);
            }
        }

        starts[outFeatures] = entry;
    }

    private Span<int> Integers(long offset, int count) => MemoryMarshal.Cast<float, int>(Packed(offset, count));
}
