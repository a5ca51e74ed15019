using System.Runtime.InteropServices;

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

    /// <summary>
    /// Packs the weights of a depthwise convolution whose filters have one magnitude each: the magnitude of each channel, padded to whole vectors, the norm
    /// folded in, and its bias, each at a multiple of 64 bytes, and behind them a bit for each weight, 1 for above 0, as [channel block][tap][lane], a channel
    /// block in whole bytes.
    /// </summary>
    /// <param name="offset">Where the magnitudes begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, C x 1 x taps.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="taps">Kernel height times width.</param>
    /// <param name="lanes">Floats of a vector.</param>
    public void DepthwiseSigns(long offset, ConvTensors tensors, int channels, int taps, int lanes)
    {
        int blocks = (channels + lanes - 1) / lanes, blockBytes = ((taps * lanes) + 7) / 8;
        long scaleBytes = Aligned(blocks * lanes);
        SignScales(offset, scaleBytes, tensors, channels);
        Span<byte> signs = MemoryMarshal.AsBytes(Packed(offset + (2 * scaleBytes), ((blocks * blockBytes) + 3) / 4));
        ReadOnlySpan<float> weights = tensors.Weights(this);
        for (int i = 0; i < weights.Length; i++)
        {
            (int c, int tap) = int.DivRem(i, taps);
            int bit = (tap * lanes) + (c % lanes);
            if (weights[i] >= 0) signs[(c / lanes * blockBytes) + (bit / 8)] |= (byte)(1 << (bit % 8));
        }
    }
}
