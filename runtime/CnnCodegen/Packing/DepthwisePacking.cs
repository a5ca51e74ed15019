namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the weights of a depthwise convolution: a bias for each channel, padded to whole vectors; at the next multiple of 64 bytes
    /// [channel block][tap][lane]. What has no channel stays zero.
    /// </summary>
    /// <param name="offset">Where the biases begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, C x 1 x taps.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="taps">Kernel height times width.</param>
    /// <param name="lanes">Floats of a vector.</param>
    public void Depthwise(long offset, ConvTensors tensors, int channels, int taps, int lanes)
    {
        int padded = (channels + lanes - 1) / lanes * lanes;
        tensors.Biases(this, Packed(offset, channels));
        Span<float> packed = Packed(offset + Aligned(padded), padded * taps);
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] scales = tensors.Scales(this, channels);
        for (int c = 0; c < channels; c++)
        {
            for (int tap = 0; tap < taps; tap++)
                packed[(((c / lanes * taps) + tap) * lanes) + (c % lanes)] = (float)(weights[(c * taps) + tap] * scales[c]);
        }
    }
}
