using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the filters of a convolution of one bit whose results are binarised. First [kind of block][channel][digit] a vector with one bit for each
    /// pixel, the digits of the counts to begin with: such that a count of equal signs that passes its threshold reaches the power of two behind all
    /// counts. Then, at the next multiple of 64 bytes, [word][channel][row of the window][nine][item] a 16-bit distance to the plane to be added.
    /// Pixels outside the image are 0 bits, which stand for -1; the counts of a border class take that back.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps.</param>
    /// <param name="window">The layer's window.</param>
    /// <param name="layout">How they are to lie.</param>
    public void Sliced(long offset, ConvTensors tensors, SignWindow window, SlicedLayout layout)
    {
        int filter = window.FilterLength, digits = 33 - int.LeadingZeroCount(filter), counterBytes = digits * layout.VectorBytes;
        int entries = window.KernelRows * SlicedLayout.Nines(window) * SlicedLayout.Items;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] alphas = WeightScales.Magnitudes(weights, window.OutChannels);
        int starts = checked(layout.Kinds * window.OutChannels * counterBytes / sizeof(float));
        Span<byte> counters = MemoryMarshal.AsBytes(Packed(offset, starts));
        Span<ushort> selected = MemoryMarshal.Cast<float, ushort>(Packed(offset + Aligned(starts), (checked(window.Words * window.OutChannels * entries) + 1) / 2));
        int[] sums = new int[window.Taps], begin = new int[window.Classes];
        for (int k = 0; k < window.OutChannels; k++)
        {
            Threshold threshold = tensors.Threshold(this, k, alphas[k]);
            ReadOnlySpan<float> signs = weights.Slice(k * filter, filter);
            Array.Clear(sums);
            for (int i = 0; i < filter; i++) sums[i % window.Taps] += signs[i] >= 0 ? 1 : -1;

            // So many of the counts 0 to filter of differing signs pass; equal signs are what is left.
            for (int border = 0; border < begin.Length; border++)
                begin[border] = (1 << (digits - 1)) - filter - 1 + threshold.Passing(window.Most(border, filter, sums), filter);
            for (int kind = 0; kind < layout.Kinds; kind++)
            {
                Span<byte> planes = counters.Slice(((kind * window.OutChannels) + k) * counterBytes, counterBytes);
                foreach ((int bit, int border) in layout.Pixels(window, kind))
                    for (int digit = 0; digit < digits; digit++)
                        planes[(digit * layout.VectorBytes) + (bit / 8)] |= (byte)((begin[border] >> digit & 1) << (bit % 8));
            }

            for (int word = 0; word < window.Words; word++)
                Select(window, layout, signs, word, threshold.Falls, selected.Slice(((word * window.OutChannels) + k) * entries, entries));
        }
    }

    /// <summary>The planes that a filter adds up for a word: signs run by channel and column of the window, those that there are not count nothing.</summary>
    private static void Select(SignWindow window, SlicedLayout layout, ReadOnlySpan<float> signs, int word, bool falls, Span<ushort> entries)
    {
        Span<bool> complemented = stackalloc bool[SlicedLayout.Nine];
        for (int row = 0, at = 0; row < window.KernelRows; row++)
        {
            for (int nine = 0; nine < SlicedLayout.Nines(window); nine++, at += SlicedLayout.Items)
            {
                for (int i = 0; i < SlicedLayout.Nine; i++)
                {
                    (int channel, int column) = int.DivRem((nine * SlicedLayout.Nine) + i, window.KernelColumns);
                    int from = (word * SlicedLayout.WordChannels) + channel;
                    bool exists = channel < SlicedLayout.WordChannels && from < window.InChannels;
                    complemented[i] = exists && signs[(((from * window.KernelRows) + row) * window.KernelColumns) + column] >= 0 == falls;
                }

                layout.Select(nine, complemented, entries.Slice(at, SlicedLayout.Items));
            }
        }
    }
}
