using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    private const int Four = 4;

    /// <summary>
    /// Packs the weights of a Winograd convolution: each filter g as G g G^T, computed in double precision and rounded once. For every
    /// group [register tile of output channels][element], or [element][register tile]; there first the values that the sums start with (the
    /// bias at the element (1, 1), 0 at the others) and then the channels, as [1 + channel][vector][lane]. What has no channel stays zero.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps x taps.</param>
    /// <param name="transform">G, row by row, each of as many entries as there are taps.</param>
    /// <param name="taps">Kernel height and width.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    /// <param name="outChannels">Output channels of a group.</param>
    /// <param name="inChannels">Input channels of a group.</param>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="vectors">Vectors of a register tile.</param>
    /// <param name="byElement">Whether the elements are outside the register tiles.</param>
    public void Winograd(
        long offset, ConvTensors tensors, ReadOnlySpan<double> transform, int taps, int groups, int outChannels, int inChannels, int lanes, int vectors, bool byElement)
    {
        int size = transform.Length / taps, filter = taps * taps, tile = vectors * lanes;
        int tiles = (outChannels + tile - 1) / tile, chunk = (1 + inChannels) * tile;
        int elementStep = (byElement ? tiles : 1) * chunk, tileStep = byElement ? chunk : size * size * chunk;
        float[] biases = new float[groups * outChannels];
        tensors.Biases(this, biases);
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] scales = tensors.Scales(this, groups * outChannels);
        Span<float> packed = Packed(offset, checked(groups * tiles * size * size * chunk));

        // A vector holds the same tap of four output channels; every register tile has a multiple of four.
        Span<Vector256<double>> taken = stackalloc Vector256<double>[filter], half = stackalloc Vector256<double>[size * taps];
        for (int part = 0; part < groups * tiles * tile; part += Four)
        {
            int group = part / (tiles * tile), channel = part % (tiles * tile), count = Math.Clamp(outChannels - channel, 0, Four);
            int first = (group * outChannels) + channel;
            Span<float> target = packed[((group * tiles * size * size * chunk) + (channel / tile * tileStep) + (channel % tile))..];
            for (int k = 0; k < count; k++) target[((size + 1) * elementStep) + k] = biases[first + k];
            for (int c = 0; c < inChannels && count > 0; c++)
            {
                Take(weights, scales, first, count, inChannels, c, taken);
                Transform(transform, taken, taps, half);
                for (int i = 0; i < size; i++)
                {
                    ReadOnlySpan<Vector256<double>> row = half.Slice(i * taps, taps);
                    for (int j = 0; j < size; j++)
                    {
                        Vector256<double> sum = Combine(transform.Slice(j * taps, taps), row, 1);
                        Vector128.Narrow(sum.GetLower(), sum.GetUpper()).CopyTo(target[((((i * size) + j) * elementStep) + ((1 + c) * tile))..]);
                    }
                }
            }
        }
    }

    /// <summary>The filters of an input channel for some output channels, scaled; 0 in the lanes behind them.</summary>
    private static void Take(ReadOnlySpan<float> weights, double[] scales, int first, int count, int inChannels, int channel, Span<Vector256<double>> taken)
    {
        Span<double> scalars = MemoryMarshal.Cast<Vector256<double>, double>(taken);
        scalars.Clear();
        for (int k = 0; k < count; k++)
        {
            ReadOnlySpan<float> filter = weights.Slice((((first + k) * inChannels) + channel) * taken.Length, taken.Length);
            for (int tap = 0; tap < filter.Length; tap++) scalars[(tap * Four) + k] = filter[tap] * scales[first + k];
        }
    }

    /// <summary>G g.</summary>
    private static void Transform(ReadOnlySpan<double> transform, ReadOnlySpan<Vector256<double>> filter, int taps, Span<Vector256<double>> result)
    {
        for (int i = 0; i < result.Length; i++) result[i] = Combine(transform.Slice(i / taps * taps, taps), filter[(i % taps)..], taps);
    }

    /// <summary>The sum of products of factors and every <paramref name="step"/>th vector.</summary>
    private static Vector256<double> Combine(ReadOnlySpan<double> factors, ReadOnlySpan<Vector256<double>> vectors, int step)
    {
        Vector256<double> sum = vectors[0] * factors[0];
        for (int i = 1; i < factors.Length; i++) sum += vectors[i * step] * factors[i];
        return sum;
    }
}
