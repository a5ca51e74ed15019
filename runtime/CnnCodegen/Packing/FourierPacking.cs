namespace CnnCodegen.Execution;

/// <summary>One axis of a filter in the Fourier domain.</summary>
/// <param name="Taps">Taps of the filter.</param>
/// <param name="Dilation">Pixels from tap to tap.</param>
/// <param name="Shift">Where the first tap stands, before the point 0 of the transform.</param>
/// <param name="Size">Points of the transform.</param>
public readonly record struct FourierTaps(int Taps, int Dilation, int Shift, int Size)
{
    /// <summary>e^(2 pi i f j / Size) for tap t at its point j: the conjugate of the transform's, as a convolution layer correlates.</summary>
    internal (double Re, double Im)[] Roots(int frequencies)
    {
        (double, double)[] roots = new (double, double)[frequencies * Taps];
        for (int f = 0; f < frequencies; f++)
        {
            for (int t = 0; t < Taps; t++)
            {
                long turns = (((f * (((long)t * Dilation) - Shift)) % Size) + Size) % Size;
                (double sin, double cos) = Math.SinCos(2 * Math.PI * turns / Size);
                roots[(f * Taps) + t] = (cos, sin);
            }
        }

        return roots;
    }
}

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the conjugate spectra of a convolution's filters, divided by the points of the transform, computed in double precision and rounded
    /// once. A bias for each output channel, each group padded to whole vectors; at the next multiple of 64 bytes
    /// [bin][group, vector of output channels][input channel of the group][part][lane], bin k * rows + f for the frequencies k up to half the
    /// columns and f. Depthwise: [vector of channels][bin][part][lane]. What has no channel stays zero.
    /// </summary>
    /// <param name="offset">Where the biases begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps.</param>
    /// <param name="groups">Groups of channels that do not mix; 1 if there is one channel in each.</param>
    /// <param name="outChannels">Output channels of a group.</param>
    /// <param name="inChannels">Input channels of a group.</param>
    /// <param name="rows">The vertical axis.</param>
    /// <param name="columns">The horizontal axis.</param>
    /// <param name="lanes">Floats of a vector.</param>
    /// <param name="depthwise">One input channel for each output channel.</param>
    public void Fourier(long offset, ConvTensors tensors, int groups, int outChannels, int inChannels, FourierTaps rows, FourierTaps columns, int lanes, bool depthwise)
    {
        int vectors = (outChannels + lanes - 1) / lanes, half = (columns.Size / 2) + 1, bins = half * rows.Size;
        offset = Biases(offset, tensors, groups, outChannels, vectors * lanes);

        // Depthwise, a vector's bins follow each other; otherwise the vectors of a bin do.
        int vectorFloats = inChannels * 2 * lanes;
        long binStride = depthwise ? vectorFloats : (long)groups * vectors * vectorFloats, vectorStride = depthwise ? (long)bins * vectorFloats : vectorFloats;
        Span<float> all = Packed(offset, checked(groups * vectors * vectorFloats * bins));
        double[] scales = tensors.Scales(this, groups * outChannels);
        FilterSpectrum spectrum = new(rows, columns);
        ReadOnlySpan<float> weights = tensors.Weights(this);
        int taps = rows.Taps * columns.Taps;
        for (int k = 0; k < groups * outChannels; k++)
        {
            int vector = (k / outChannels * vectors) + (k % outChannels / lanes), lane = k % outChannels % lanes;
            for (int c = 0; c < inChannels; c++)
            {
                spectrum.Transform(weights.Slice(((k * inChannels) + c) * taps, taps), scales[k] / ((double)rows.Size * columns.Size));
                int at = (int)(vector * vectorStride) + (c * 2 * lanes) + lane;
                for (int bin = 0; bin < bins; bin++)
                {
                    int target = at + (int)(bin * binStride);
                    all[target] = (float)spectrum.Re[bin];
                    all[target + lanes] = (float)spectrum.Im[bin];
                }
            }
        }
    }

    /// <summary>The conjugate spectrum of one filter at a time, by the definition of the transform: first along rows, then along columns.</summary>
    private sealed class FilterSpectrum(FourierTaps rows, FourierTaps columns)
    {
        private readonly int _half = (columns.Size / 2) + 1;
        private readonly (double Re, double Im)[] _rowRoots = rows.Roots(rows.Size), _columnRoots = columns.Roots((columns.Size / 2) + 1);
        private readonly double[] _re = new double[rows.Taps], _im = new double[rows.Taps];

        public double[] Re { get; } = new double[rows.Size * ((columns.Size / 2) + 1)];

        public double[] Im { get; } = new double[rows.Size * ((columns.Size / 2) + 1)];

        public void Transform(ReadOnlySpan<float> taps, double scale)
        {
            for (int k = 0; k < _half; k++)
            {
                ReadOnlySpan<(double Re, double Im)> roots = _columnRoots.AsSpan(k * columns.Taps, columns.Taps);
                for (int u = 0; u < rows.Taps; u++)
                {
                    (double re, double im) = (0, 0);
                    for (int v = 0; v < roots.Length; v++)
                    {
                        double w = taps[(u * columns.Taps) + v];
                        re += w * roots[v].Re;
                        im += w * roots[v].Im;
                    }

                    (_re[u], _im[u]) = (re * scale, im * scale);
                }

                for (int f = 0; f < rows.Size; f++)
                {
                    roots = _rowRoots.AsSpan(f * rows.Taps, rows.Taps);
                    (double re, double im) = (0, 0);
                    for (int u = 0; u < roots.Length; u++)
                    {
                        re += (_re[u] * roots[u].Re) - (_im[u] * roots[u].Im);
                        im += (_re[u] * roots[u].Im) + (_im[u] * roots[u].Re);
                    }

                    (Re[(k * rows.Size) + f], Im[(k * rows.Size) + f]) = (re, im);
                }
            }
        }
    }
}
