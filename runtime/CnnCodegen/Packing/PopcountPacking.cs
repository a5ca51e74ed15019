using System.Runtime.InteropServices;
using CnnCodegen.Weights;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the weights of a layer of one bit. Where results are scaled: a scale for each channel, then (at the next multiple of 64 bytes) a bias.
    /// Then [64 channels][border class][channel] a 64-bit number: the negative threshold of the count of differing bits, or the sum where nothing
    /// differs. Then [vector][tap][word][lane] 64 signs, 1 for above 0; of ternary weights those of a vector before a mask of what is not 0.
    /// Pixels outside the image are 0 bits, which stand for -1; the numbers of a border class take that back.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps.</param>
    /// <param name="layout">How they are to lie.</param>
    public void Popcount(long offset, ConvTensors tensors, PopcountLayout layout)
    {
        SignWindow window = layout.Window;
        int padded = layout.Vectors * layout.Lanes, filter = window.FilterLength;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] alphas = WeightScales.Magnitudes(weights, window.OutChannels);

        if (!layout.Thresholds)
        {
            Span<float> scales = Packed(offset, window.OutChannels);
            double[] folded = tensors.Scales(this, window.OutChannels);
            for (int k = 0; k < alphas.Length; k++) scales[k] = (float)(alphas[k] * folded[k]);
            tensors.Biases(this, Packed(offset + Aligned(padded), window.OutChannels));
            offset += 2 * Aligned(padded);
        }

        int tableFloats = layout.Groups * window.Classes * PopcountLayout.GroupChannels * 2, planes = layout.Ternary ? 2 : 1;
        Span<long> table = MemoryMarshal.Cast<float, long>(Packed(offset, tableFloats));
        Span<ulong> words = MemoryMarshal.Cast<float, ulong>(Packed(offset + (tableFloats * 4L), checked(padded * window.Taps * window.Words * planes * 2)));
        int[] sums = new int[window.Taps];
        for (int k = 0; k < window.OutChannels; k++)
        {
            Threshold? threshold = layout.Thresholds ? tensors.Threshold(this, k, alphas[k]) : null;
            bool complemented = threshold is { Falls: true };
            int used = 0;
            Array.Clear(sums);
            for (int i = 0; i < filter; i++)
            {
                (int channel, int tap) = (i / window.Taps, i % window.Taps);
                float weight = weights[(k * filter) + i];
                if (layout.Ternary && weight == 0) continue;
                used++;
                sums[tap] += weight >= 0 ? 1 : -1;
                int vector = (((k / layout.Lanes * window.Taps) + tap) * window.Words) + (channel / 64), at = (vector * planes * layout.Lanes) + (k % layout.Lanes);
                if (weight >= 0 != complemented) words[at] |= 1ul << (channel % 64);
                if (layout.Ternary) words[at + layout.Lanes] |= 1ul << (channel % 64);
            }

            for (int c = 0; c < window.Classes; c++)
            {
                int most = window.Most(c, used, sums);
                table[(((k / PopcountLayout.GroupChannels * window.Classes) + c) * PopcountLayout.GroupChannels) + (k % PopcountLayout.GroupChannels)] =
                    threshold is null ? most : -threshold.Passing(most, used);
            }
        }
    }

    /// <summary>Refuses a layer whose filters have more than one magnitude, or whose zeros are other than promised.</summary>
    /// <param name="tensor">Its weights, filters first.</param>
    /// <param name="filters">How many filters they are.</param>
    /// <param name="zeros">The least share of zeros, which then are allowed; null if there are none, but in a filter of nothing else.</param>
    /// <exception cref="WeightFileException">The weights do not have the promised form.</exception>
    public void RequireSigns(string tensor, int filters, double? zeros)
    {
        ReadOnlySpan<float> weights = Tensor(tensor);
        int filter = weights.Length / filters;
        long found = 0;
        for (int k = 0; k < weights.Length; k += filter)
        {
            float alpha = 0;
            foreach (float w in weights.Slice(k, filter)) alpha = Math.Max(alpha, Math.Abs(w));
            for (int i = k; i < k + filter; i++)
            {
                if (weights[i] == 0 && (zeros is not null || alpha == 0)) found++;
                else if (!(Math.Abs(weights[i]) == alpha))
                    throw new WeightFileException(_file.Source, tensor, FormattableString.Invariant($"filter {k / filter} holds {weights[i]} beside {alpha}; the layer promises {(zeros is null ? "" : "0 and ")}one magnitude with signs for each filter: store alpha * sign(w), or take the attribute from the layer"));
            }
        }

        // The quotient is rounded as the share was; their product with the length would be rounded once more.
        if (zeros is { } share && (double)found / weights.Length < share)
            throw new WeightFileException(_file.Source, tensor, FormattableString.Invariant($"{found} of {weights.Length} weights are 0; the layer promises a share of {share}: set more of them to 0, or lower the share in the attribute"));
    }

    /// <summary>Refuses weights that are not of the grid of DoReFa-Net: E (2 q / (2^bits - 1) - 1) with one E for the layer.</summary>
    /// <param name="tensor">The weights.</param>
    /// <param name="bits">Bits of a weight.</param>
    /// <exception cref="WeightFileException">A weight is off the grid by more than rounding.</exception>
    public void RequireGrid(string tensor, int bits)
    {
        ReadOnlySpan<float> weights = Tensor(tensor);
        double scale = WeightGrid.Scale(weights, bits);
        if (WeightGrid.Stray(weights, bits, scale) is { } stray)
            throw new WeightFileException(_file.Source, tensor, FormattableString.Invariant($"holds {stray} beside {scale}; the layer promises odd multiples of E/{WeightGrid.Codes(bits)} from -E to E: store 2 * quantize(tanh(w) / (2 * max|tanh(w)|) + 1/2) - 1, all times one E or as they are, or take the attribute from the layer"));
    }
}
