using System.Runtime.CompilerServices;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the weights of a direct convolution or linear layer: the biases of all groups, each padded to whole vectors; at the next
    /// multiple of 64 bytes, for every group and register tile of output channels, [block][tap][channel of the block][vector][lane].
    /// What has no channel stays zero.
    /// </summary>
    /// <param name="offset">Where the biases begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    /// <param name="outChannels">Output channels of a group.</param>
    /// <param name="inChannels">Input channels of a group.</param>
    /// <param name="taps">Kernel height times width.</param>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="vectors">Vectors of a register tile.</param>
    /// <param name="channelBlock">Input channels of a block.</param>
    public void Direct(long offset, ConvTensors tensors, int groups, int outChannels, int inChannels, int taps, int lanes, int vectors, int channelBlock) =>
        Direct(offset, tensors, tensors.Weights(this), groups, outChannels, inChannels, taps, lanes, vectors, channelBlock);

    /// <summary>Packs <paramref name="weights"/>, K x C x taps, in place of those of the file.</summary>
    private void Direct(
        long offset, ConvTensors tensors, ReadOnlySpan<float> weights, int groups, int outChannels, int inChannels, int taps, int lanes, int vectors, int channelBlock)
    {
        offset = Biases(offset, tensors, groups, outChannels, (outChannels + lanes - 1) / lanes * lanes);
        Filters(offset, weights, tensors.Scales(this, groups * outChannels), groups, outChannels, inChannels, taps, lanes, vectors, channelBlock);
    }

    /// <summary>Packs what follows the biases.</summary>
    private void Filters(
        long offset, ReadOnlySpan<float> weights, ReadOnlySpan<double> scales, int groups, int outChannels, int inChannels, int taps, int lanes, int vectors, int channelBlock)
    {
        int paddedOut = (outChannels + lanes - 1) / lanes * lanes, tile = vectors * lanes;
        int blocks = (inChannels + channelBlock - 1) / channelBlock, filter = inChannels * taps;
        int tileFloats = blocks * channelBlock * taps * tile;
        if (paddedOut % tile != 0 || weights.Length < (long)groups * outChannels * filter || scales.Length < groups * outChannels)
            throw new ArgumentException($"{weights.Length} weights do not fit {groups} x {outChannels} filters in tiles of {tile}", nameof(weights));
        Span<float> packed = Packed(offset, checked(groups * (paddedOut / tile) * tileFloats));
        fixed (float* from = weights, to = packed)
        fixed (double* scale = scales)
        {
            for (int g = 0; g < groups; g++)
            {
                for (int first = 0; first < outChannels; first += tile)
                {
                    int channel = (g * outChannels) + first;
                    DirectTile(
                        from + ((long)channel * filter), scale + channel, Math.Min(tile, outChannels - first),
                        to + ((long)((g * paddedOut) + first) / tile * tileFloats), inChannels, taps, channelBlock, tile);
                }
            }
        }
    }

    /// <summary>The filters of one register tile, one after the other: what is read lies in a row, what is written stays in the caches.</summary>
    [MethodImpl(Compilation.Whole)]
    private static void DirectTile(float* weights, double* scales, int count, float* packed, int inChannels, int taps, int channelBlock, int tile)
    {
        for (int k = 0; k < count; k++)
        {
            double scale = scales[k];
            float* filter = weights + ((long)k * inChannels * taps), target = packed + k;
            for (int first = 0; first < inChannels; first += channelBlock, filter += channelBlock * taps)
            {
                int channels = Math.Min(channelBlock, inChannels - first);
                for (int tap = 0; tap < taps; tap++, target += (channelBlock - channels) * tile)
                {
                    float* source = filter + tap;
                    for (int c = 0; c < channels; c++, source += taps, target += tile) *target = (float)(*source * scale);
                }
            }
        }
    }
}
