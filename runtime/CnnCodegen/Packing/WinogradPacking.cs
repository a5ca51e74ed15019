using System.Runtime.CompilerServices;
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
        int size = transform.Length / taps, tile = vectors * lanes;
        int tiles = (outChannels + tile - 1) / tile, chunk = (1 + inChannels) * tile;
        int elementStep = (byElement ? tiles : 1) * chunk, tileStep = byElement ? chunk : size * size * chunk;
        float[] biases = new float[groups * outChannels];
        tensors.Biases(this, biases);
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] scales = tensors.Scales(this, groups * outChannels);
        Span<float> packed = Packed(offset, checked(groups * tiles * size * size * chunk));

        for (int index = 0; index < groups * tiles; index++)
        {
            int group = index / tiles, channel = index % tiles * tile, count = Math.Min(outChannels - channel, tile);
            int first = (group * outChannels) + channel;
            Span<float> target = packed[((group * tiles * size * size * chunk) + (index % tiles * tileStep))..];
            biases.AsSpan(first, count).CopyTo(target[((size + 1) * elementStep)..]);
            fixed (float* filters = weights[(first * inChannels * taps * taps)..], to = target)
            fixed (double* matrix = transform, scale = &scales[first])
                TransformFilters(filters, inChannels, taps, matrix, size, scale, count, to + tile, tile, elementStep);
        }
    }

    /// <summary>Transforms the filters of a register tile of output channels, four at a time: every tile has a multiple of four.</summary>
    /// <param name="filters">Output channels x input channels x taps x taps.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="taps">Kernel height and width.</param>
    /// <param name="matrix">G, size x taps.</param>
    /// <param name="size">Rows of G.</param>
    /// <param name="scale">The factor of each output channel.</param>
    /// <param name="count">Output channels.</param>
    /// <param name="to">Element (0, 0) of the first input channel.</param>
    /// <param name="channelStep">Floats from an input channel to the next.</param>
    /// <param name="elementStep">Floats from an element to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransformFilters(
        float* filters, int inChannels, int taps, double* matrix, int size, double* scale, int count, float* to, int channelStep, int elementStep)
    {
        int area = taps * taps;
        double* taken = stackalloc double[area * Four], half = stackalloc double[size * taps * Four];
        for (int c = 0; c < inChannels; c++, to += channelStep)
        {
            for (int part = 0; part < count; part += Four)
            {
                for (int k = 0; k < Four; k++)
                {
                    float* filter = filters + (((((long)part + k) * inChannels) + c) * area);
                    for (int tap = 0; tap < area; tap++) taken[(tap * Four) + k] = part + k < count ? filter[tap] * scale[part + k] : 0;
                }

                for (int i = 0; i < size; i++)
                {
                    for (int v = 0; v < taps; v++)
                    {
                        Vector256<double> sum = Vector256.Load(taken + (v * Four)) * matrix[i * taps];
                        for (int u = 1; u < taps; u++) sum += Vector256.Load(taken + (((u * taps) + v) * Four)) * matrix[(i * taps) + u];
                        sum.Store(half + (((i * taps) + v) * Four));
                    }
                }

                float* element = to + part;
                for (int i = 0; i < size; i++)
                {
                    for (int j = 0; j < size; j++, element += elementStep)
                    {
                        Vector256<double> sum = Vector256.Load(half + (i * taps * Four)) * matrix[j * taps];
                        for (int v = 1; v < taps; v++) sum += Vector256.Load(half + (((i * taps) + v) * Four)) * matrix[(j * taps) + v];
                        Vector128.Narrow(sum.GetLower(), sum.GetUpper()).Store(element);
                    }
                }
            }
        }
    }
}
