namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>Copies a tensor as it is.</summary>
    /// <param name="offset">Where it begins, in bytes.</param>
    /// <param name="tensor">Its name.</param>
    public void Dense(long offset, string tensor)
    {
        ReadOnlySpan<float> source = Tensor(tensor);
        source.CopyTo(Packed(offset, source.Length));
    }

    /// <summary>
    /// Packs a convolution or linear layer with its batch norm folded in, in the order of the file: the weights and, at the next
    /// multiple of 64 bytes, one bias for each output channel.
    /// </summary>
    /// <param name="offset">Where the weights begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors.</param>
    /// <param name="length">Number of weights.</param>
    /// <param name="outChannels">Output channels of all groups.</param>
    /// <param name="inChannels">Input channels of all groups.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    /// <param name="transposed">The weights are C x K/groups x taps instead of K x C/groups x taps.</param>
    public void Folded(long offset, ConvTensors tensors, int length, int outChannels, int inChannels, int groups, bool transposed)
    {
        ReadOnlySpan<float> source = tensors.Weights(this);
        double[] scales = tensors.Scales(this, outChannels);
        Span<float> packed = Packed(offset, length);
        if (transposed)
        {
            // Input channel c of the group g holds the taps of that group's output channels.
            int outGroup = outChannels / groups;
            int taps = length / (inChannels * outGroup);
            for (int i = 0; i < length; i++)
            {
                int group = i / (length / groups);
                packed[i] = (float)(source[i] * scales[(group * outGroup) + (i / taps % outGroup)]);
            }
        }
        else
        {
            int perChannel = length / outChannels;
            for (int i = 0; i < length; i++) packed[i] = (float)(source[i] * scales[i / perChannel]);
        }

        tensors.Biases(this, Packed(offset + Aligned(length), outChannels));
    }

    /// <summary>Packs a batch norm as y = x * scale + shift: the scales of all channels, then the shifts.</summary>
    /// <param name="offset">Where the scales begin, in bytes.</param>
    /// <param name="norm">The batch norm's name.</param>
    /// <param name="epsilon">What it adds to its variance.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="padded">Number of channels padded to whole vectors.</param>
    public void Affine(long offset, string norm, float epsilon, int channels, int padded)
    {
        FoldedNorm folded = Norm(norm, epsilon);
        Span<float> scales = Packed(offset, padded);
        Span<float> shifts = Packed(offset + Aligned(padded), padded);
        for (int c = 0; c < channels; c++)
        {
            scales[c] = (float)folded.Scale[c];
            shifts[c] = (float)folded.Shift[c];
        }
    }

    /// <summary>Packs the biases of all groups, each padded to whole vectors, and returns where the next part begins.</summary>
    private long Biases(long offset, ConvTensors tensors, int groups, int outChannels, int padded)
    {
        float[] biases = new float[groups * outChannels];
        tensors.Biases(this, biases);
        Span<float> packed = Packed(offset, groups * padded);
        for (int g = 0; g < groups; g++) new ReadOnlySpan<float>(biases, g * outChannels, outChannels).CopyTo(packed[(g * padded)..]);
        return offset + Aligned(packed.Length);
    }

    /// <summary>Packs one value for each channel; the padding stays zero.</summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensor">The tensor's name.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="padded">Number of channels padded to whole vectors.</param>
    public void Channels(long offset, string tensor, int channels, int padded) =>
        Tensor(tensor)[..channels].CopyTo(Packed(offset, padded));
}
