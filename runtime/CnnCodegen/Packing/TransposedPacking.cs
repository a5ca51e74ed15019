namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs a part of the taps of a transposed convolution as <see cref="Direct(long, ConvTensors, int, int, int, int, int, int, int)"/>
    /// packs a convolution.
    /// </summary>
    /// <param name="offset">Where the biases begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, C x K/groups x taps.</param>
    /// <param name="kernelTaps">Kernel height times width.</param>
    /// <param name="taps">The taps to pack, in the order in which they are read.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    /// <param name="outChannels">Output channels of a group.</param>
    /// <param name="inChannels">Input channels of a group.</param>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="vectors">Vectors of a register tile.</param>
    /// <param name="channelBlock">Input channels of a block.</param>
    public void Transposed(
        long offset, ConvTensors tensors, int kernelTaps, ReadOnlySpan<int> taps, int groups, int outChannels, int inChannels, int lanes, int vectors, int channelBlock)
    {
        ReadOnlySpan<float> weights = tensors.Weights(this);
        float[] filters = new float[checked(groups * outChannels * inChannels * taps.Length)];
        int next = 0;
        for (int k = 0; k < groups * outChannels; k++)
        {
            for (int c = 0; c < inChannels; c++)
            {
                int filter = ((((k / outChannels * inChannels) + c) * outChannels) + (k % outChannels)) * kernelTaps;
                foreach (int tap in taps) filters[next++] = weights[filter + tap];
            }
        }

        Direct(offset, tensors, filters, groups, outChannels, inChannels, taps.Length, lanes, vectors, channelBlock);
    }
}
