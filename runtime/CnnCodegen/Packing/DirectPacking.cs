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
    public void Direct(long offset, ConvTensors tensors, int groups, int outChannels, int inChannels, int taps, int lanes, int vectors, int channelBlock)
    {
        int paddedOut = (outChannels + lanes - 1) / lanes * lanes;
        int blocks = (inChannels + channelBlock - 1) / channelBlock;
        int tile = vectors * lanes;
        int tileFloats = blocks * channelBlock * taps * tile;

        float[] biases = new float[groups * outChannels];
        tensors.Biases(this, biases);
        Span<float> packedBiases = Packed(offset, groups * paddedOut);
        for (int g = 0; g < groups; g++)
            biases.AsSpan(g * outChannels, outChannels).CopyTo(packedBiases[(g * paddedOut)..]);

        long start = offset + Aligned(packedBiases.Length);
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] scales = tensors.Scales(this, groups * outChannels);
        int source = 0;
        Span<float> packed = Packed(start, checked(groups * (paddedOut / tile) * tileFloats));
        for (int k = 0; k < groups * outChannels; k++)
        {
            int group = k / outChannels, channel = k % outChannels;
            Span<float> target = packed.Slice(((group * (paddedOut / tile)) + (channel / tile)) * tileFloats, tileFloats);
            double scale = scales[k];
            for (int c = 0; c < inChannels; c++)
            {
                int at = (((c / channelBlock * taps * channelBlock) + (c % channelBlock)) * tile) + (channel % tile);
                for (int tap = 0; tap < taps; tap++)
                {
                    target[at] = (float)(weights[source++] * scale);
                    at += channelBlock * tile;
                }
            }
        }
    }
}
