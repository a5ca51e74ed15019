using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    // Two vectors of double precision.
    private const int Four = 4, Together = 2 * Four;

    /// <summary>
    /// Packs the weights of a Winograd convolution: each filter g as G g G^T, computed in double precision and rounded once. An
    /// element is a pair of points, with a row of G for each of their phases. For every group [register tile of output channels][element], or
    /// [element][register tile]; there first the values that the sums start with (the bias at the element (1, 1), 0 at the others), as
    /// [vector][lane], and then [row phase][column phase][channel][vector][lane]. What has no channel stays zero.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps x taps.</param>
    /// <param name="transform">G, point by point and there phase by phase, each row of as many entries as there are taps.</param>
    /// <param name="taps">Kernel height and width.</param>
    /// <param name="phases">For each point how many rows of G it has.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    /// <param name="outChannels">Output channels of a group.</param>
    /// <param name="inChannels">Input channels of a group.</param>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="vectors">Vectors of a register tile.</param>
    /// <param name="byElement">Whether the elements are outside the register tiles.</param>
    public void Winograd(
        long offset, ConvTensors tensors, ReadOnlySpan<double> transform, int taps, ReadOnlySpan<int> phases, int groups, int outChannels, int inChannels, int lanes, int vectors, bool byElement)
    {
        int size = transform.Length / taps, tile = vectors * lanes;
        int tiles = (outChannels + tile - 1) / tile, tileFloats = checked(((phases.Length * phases.Length) + (size * size * inChannels)) * tile);
        int[] places = new int[size * size];
        float[] biases = new float[groups * outChannels];
        tensors.Biases(this, biases);
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] scales = tensors.Scales(this, groups * outChannels);
        Span<float> packed = Packed(offset, checked(groups * tiles * tileFloats));

        for (int index = 0; index < groups * tiles; index++)
        {
            int group = index / tiles, channel = index % tiles * tile, count = Math.Min(outChannels - channel, tile);
            int first = (group * outChannels) + channel;
            Span<float> target = packed.Slice(group * tiles * tileFloats, tiles * tileFloats);
            int bias = PlaceFilters(places, phases, inChannels * tile, tile, index % tiles, tiles, byElement);
            new ReadOnlySpan<float>(biases, first, count).CopyTo(target[bias..]);
            fixed (float* filters = weights[(first * inChannels * taps * taps)..], to = target)
            fixed (double* matrix = transform, scale = &scales[first])
            fixed (int* place = places)
            {
                for (int k = 0; k < count; k += Together)
                    TransformFilters(filters + ((long)k * inChannels * taps * taps), inChannels, taps, matrix, size, scale + k, Math.Min(count - k, Together), to + k, tile, Math.Min(tile - k, Together), place);
            }
        }
    }

    /// <summary>Finds where the weights of a register tile of output channels begin in those of the group, for every pair of rows of G.</summary>
    /// <param name="places">Receives the places, row by row, in floats.</param>
    /// <param name="phases">For each point how many rows of G it has.</param>
    /// <param name="filterFloats">Floats for a pair of phases.</param>
    /// <param name="startFloats">Floats that the sums of an element start with.</param>
    /// <param name="tile">The register tile.</param>
    /// <param name="tiles">Register tiles of the group.</param>
    /// <param name="byElement">Whether the elements are outside the register tiles.</param>
    /// <returns>Where the sums' start of the element (1, 1) lies.</returns>
    private static int PlaceFilters(Span<int> places, ReadOnlySpan<int> phases, int filterFloats, int startFloats, int tile, int tiles, bool byElement)
    {
        int size = 0, bias = 0;
        foreach (int count in phases) size += count;
        int element = byElement ? 0 : tile * ((phases.Length * phases.Length * startFloats) + (size * size * filterFloats));
        for (int i = 0, row = 0; i < phases.Length; row += phases[i++])
        {
            for (int j = 0, column = 0; j < phases.Length; column += phases[j++])
            {
                int floats = startFloats + (phases[i] * phases[j] * filterFloats), start = element + (byElement ? tile * floats : 0);
                if (i == 1 && j == 1) bias = start;
                for (int p = 0; p < phases[i]; p++)
                    for (int q = 0; q < phases[j]; q++) places[((row + p) * size) + column + q] = start + startFloats + (((p * phases[j]) + q) * filterFloats);
                element += (byElement ? tiles : 1) * floats;
            }
        }

        return bias;
    }

    /// <summary>Transforms the filters of <see cref="Together"/> output channels of a register tile, a lane for each; those without one stay zero.</summary>
    /// <param name="filters">Output channels x input channels x taps x taps.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="taps">Kernel height and width.</param>
    /// <param name="matrix">G, size x taps.</param>
    /// <param name="size">Rows of G.</param>
    /// <param name="scale">The factor of each output channel.</param>
    /// <param name="count">Output channels.</param>
    /// <param name="to">The weights of the group, from the first of the output channels on.</param>
    /// <param name="tile">Floats from an input channel to the next.</param>
    /// <param name="lanes">Floats to write for an input channel.</param>
    /// <param name="places">Where each element of the transformed filter lies for the first input channel, in floats.</param>
    [MethodImpl(Compilation.Whole)]
    private static void TransformFilters(
        float* filters, int inChannels, int taps, double* matrix, int size, double* scale, int count, float* to, int tile, int lanes, int* places)
    {
        int area = taps * taps;
        double* taken = stackalloc double[area * Together], half = stackalloc double[size * taps * Together], end = matrix + (size * taps);
        float* rounded = stackalloc float[Together];
        for (int c = 0; c < inChannels; c++, to += tile)
        {
            float* filter = filters + (c * area);
            for (int k = 0; k < count; k++, filter += inChannels * area)
            {
                double factor = scale[k];
                double* column = taken + k;
                for (int tap = 0; tap < area; tap++, column += Together) *column = filter[tap] * factor;
            }

            // G g
            double* product = half;
            for (double* row = matrix; row < end; row += taps)
            {
                for (int j = 0; j < taps; j++, product += Together)
                {
                    double* from = taken + (j * Together);
                    Vector256<double> low = default, high = default;
                    for (int i = 0; i < taps; i++, from += taps * Together)
                    {
                        Vector256<double> factor = Vector256.Create(row[i]);
                        low += *(Vector256<double>*)from * factor;
                        high += *(Vector256<double>*)(from + Four) * factor;
                    }
                    *(Vector256<double>*)product = low;
                    *(Vector256<double>*)(product + Four) = high;
                }
            }

            // G g G^T
            int* place = places;
            for (double* begin = half; begin < product; begin += taps * Together)
            {
                for (double* row = matrix; row < end; row += taps)
                {
                    double* from = begin;
                    Vector256<double> low = default, high = default;
                    for (int i = 0; i < taps; i++, from += Together)
                    {
                        Vector256<double> factor = Vector256.Create(row[i]);
                        low += *(Vector256<double>*)from * factor;
                        high += *(Vector256<double>*)(from + Four) * factor;
                    }
                    float* target = to + *place++, values = lanes == Together ? target : rounded;
                    *(Vector256<float>*)values = Vector256.Narrow(low, high);
                    if (values != target)
                        for (int k = 0; k < lanes; k++) target[k] = values[k];
                }
            }
        }
    }
}
