using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the filters of a convolution of one bit whose results are binarised, for counts that are looked up. First
    /// [channels][border class][vector][even and odd channels] 16 bits, the negative threshold of the count of differing bits; then
    /// [channels][tap][word][byte][channel] the signs of eight input channels, 1 for above 0.
    /// Pixels outside the image are 0 bits, which stand for -1; the thresholds of a border class take that back.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps.</param>
    /// <param name="window">The layer's window.</param>
    /// <param name="channels">Output channels that lie together, whole words.</param>
    /// <param name="vectorBytes">Bytes of a vector.</param>
    public void Nibbles(long offset, ConvTensors tensors, SignWindow window, int channels, int vectorBytes)
    {
        const int WordBytes = sizeof(ulong);
        int blocks = (window.OutChannels + channels - 1) / channels, filter = window.FilterLength, startFloats = checked(blocks * window.Classes * channels / 2);
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] alphas = WeightScales.Magnitudes(weights, window.OutChannels);
        Span<short> starts = MemoryMarshal.Cast<float, short>(Packed(offset, startFloats));
        Span<byte> signs = MemoryMarshal.AsBytes(Packed(offset + (startFloats * (long)sizeof(float)), checked(blocks * window.Taps * window.Words * WordBytes * channels / sizeof(float))));
        int[] sums = new int[window.Taps];
        for (int k = 0; k < window.OutChannels; k++)
        {
            Threshold threshold = tensors.Threshold(this, k, alphas[k]);
            (int block, int lane) = int.DivRem(k, channels);
            Array.Clear(sums);
            for (int i = 0; i < filter; i++)
            {
                (int channel, int tap) = int.DivRem(i, window.Taps);
                bool positive = weights[(k * filter) + i] >= 0;
                sums[tap] += positive ? 1 : -1;
                int octet = (((block * window.Taps) + tap) * window.Words * WordBytes) + (channel / 8);
                if (positive != threshold.Falls) signs[(octet * channels) + lane] |= (byte)(1 << (channel % 8));
            }

            (int vector, int place) = int.DivRem(lane, vectorBytes);
            for (int border = 0; border < window.Classes; border++)
                starts[(((block * window.Classes) + border) * channels) + (vector * vectorBytes) + (place % 2 * (vectorBytes / 2)) + (place / 2)] =
                    (short)-threshold.Passing(window.Most(border, filter, sums), filter);
        }
    }
}
