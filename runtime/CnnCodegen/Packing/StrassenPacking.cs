using System.Runtime.CompilerServices;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the weights of a convolution by Strassen's algorithm in Winograd's form. With A the filters by halves of the output and of the
    /// input channels, the products are those of A11, A12, A21 + A22 - A11, A11 - A21, -A22, A21 + A22 and A12 - A21 - A22 + A11, added in double
    /// precision and rounded once; each register tile of half the output channels has the seven one after the other, packed as
    /// <see cref="Direct(long, ConvTensors, int, int, int, int, int, int, int)"/> does. The first product begins with the bias of the first
    /// half, which reaches both; the fourth, which reaches only the second, with the difference.
    /// </summary>
    /// <param name="offset">Where the biases begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps.</param>
    /// <param name="outChannels">Output channels; half of them are whole register tiles.</param>
    /// <param name="inChannels">Input channels; half of them are whole vectors.</param>
    /// <param name="taps">Kernel height times width.</param>
    /// <param name="lanes">Floats of a vector, and input channels of a block.</param>
    /// <param name="vectors">Vectors of a register tile.</param>
    public void Strassen(long offset, ConvTensors tensors, int outChannels, int inChannels, int taps, int lanes, int vectors)
    {
        const int Products = 7;
        int outHalf = outChannels / 2, half = inChannels / 2 * taps, tile = lanes * vectors;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] scales = tensors.Scales(this, outChannels), ones = new double[Products * outHalf];
        Array.Fill(ones, 1);
        float[] biases = new float[outChannels], filters = new float[checked(Products * outHalf * half)];
        tensors.Biases(this, biases);
        Span<float> starts = Packed(offset, Products * outHalf);

        for (int k = 0; k < outHalf; k++)
        {
            int first = (k / tile * Products * tile) + (k % tile);
            starts[first] = biases[k];
            starts[first + (3 * tile)] = biases[outHalf + k] - biases[k];
            Combine(
                weights.Slice(k * 2 * half, 2 * half), scales[k], weights.Slice((outHalf + k) * 2 * half, 2 * half), scales[outHalf + k],
                filters.AsSpan(first * half), tile * half);
        }

        Filters(offset + Aligned(starts.Length), filters, ones, 1, Products * outHalf, inChannels / 2, taps, lanes, vectors, lanes);
    }

    /// <summary>The filters of the seven products, so many floats apart, from those of a channel of each half.</summary>
    [MethodImpl(Compilation.Whole)]
    private static void Combine(ReadOnlySpan<float> first, double firstScale, ReadOnlySpan<float> second, double secondScale, Span<float> filters, int step)
    {
        int half = first.Length / 2;
        for (int i = 0; i < half; i++)
        {
            double a11 = first[i] * firstScale, a12 = first[half + i] * firstScale, a21 = second[i] * secondScale, a22 = second[half + i] * secondScale;
            filters[i] = (float)a11;
            filters[step + i] = (float)a12;
            filters[(2 * step) + i] = (float)(a21 + a22 - a11);
            filters[(3 * step) + i] = (float)(a11 - a21);
            filters[(4 * step) + i] = (float)-a22;
            filters[(5 * step) + i] = (float)(a21 + a22);
            filters[(6 * step) + i] = (float)(a12 - a21 - a22 + a11);
        }
    }
}
