using System.Runtime.InteropServices;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the filters of a convolution of codes of a few bits whose results are such codes. First [channel][threshold][digit] a byte, all ones or
    /// zeros: what is added to a count and one, so that it carries if it reaches the threshold. Then, at the next multiple of 64 bytes,
    /// [word][digit of the weights][channel][row of the window][nine][item] a 16-bit distance to the plane to be added. A weight is the sum of its digits,
    /// signs of value 1, 2, 4 and so on; a count is that of the digits of codes that the signs select, as those of codes outside the image are 0.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps, each weight an odd code times its filter's scale.</param>
    /// <param name="scales">The scales of the filters.</param>
    /// <param name="window">The layer's window.</param>
    /// <param name="digits">How many digits everything has.</param>
    /// <param name="inputScale">The scale of the input.</param>
    /// <param name="outputScale">The scale of the results.</param>
    /// <param name="least">The least result, in units of its scale.</param>
    /// <param name="thresholds">How many greater ones there are.</param>
    public void SlicedCodes(long offset, ConvTensors tensors, WeightScales scales, SignWindow window, CodeDigits digits, double inputScale, double outputScale, int least, int thresholds)
    {
        int filter = window.FilterLength, greatest = (1 << digits.WeightBits) - 1, most = filter * greatest * digits.GreatestCode, channelBytes = thresholds * digits.Count;
        int entries = window.KernelRows * SlicedLayout.Nines(window) * SlicedLayout.Items;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] weightScales = scales.Of(this, tensors.WeightName, window.OutChannels), norms = tensors.Scales(this, window.OutChannels);
        float[] biases = new float[window.OutChannels], signs = new float[filter];
        tensors.Biases(this, biases);
        int tableFloats = ((window.OutChannels * channelBytes) + sizeof(float) - 1) / sizeof(float);
        Span<byte> table = MemoryMarshal.AsBytes(Packed(offset, tableFloats));
        Span<ushort> selected = MemoryMarshal.Cast<float, ushort>(Packed(offset + Aligned(tableFloats), (checked(window.Words * digits.WeightBits * window.OutChannels * entries) + 1) / 2));
        for (int k = 0; k < window.OutChannels; k++)
        {
            double factor = weightScales[k] * norms[k] * inputScale / outputScale, bias = biases[k] / outputScale;
            bool falls = factor < 0;
            int negative = 0;
            for (int digit = 0; digit < digits.WeightBits; digit++)
            {
                for (int i = 0; i < filter; i++)
                {
                    int code = (WeightScales.Code(weights[(k * filter) + i], weightScales[k]) + greatest) / 2;
                    signs[i] = (code >> digit & 1) != 0 ? 1 : -1;
                    if (signs[i] > 0 == falls) negative += 1 << digit;
                }

                for (int word = 0; word < window.Words; word++)
                    Select(window, digits.Layout, signs, word, falls, selected.Slice(((((word * digits.WeightBits) + digit) * window.OutChannels) + k) * entries, entries));
            }

            for (int threshold = 1; threshold <= thresholds; threshold++)
            {
                int reached = Reached(count => Math.Round(((falls ? -1 : 1) * (count - (negative * digits.GreatestCode)) * factor) + bias) >= least + threshold, most);
                for (int digit = 0; digit < digits.Count; digit++)
                    table[(k * channelBytes) + ((threshold - 1) * digits.Count) + digit] = (byte)((reached >> digit & 1) != 0 ? 0 : byte.MaxValue);
            }
        }
    }

    /// <summary>The first of the counts 0 to <paramref name="most"/> that passes, as all behind it do; one more where none does.</summary>
    private static int Reached(Func<int, bool> passes, int most)
    {
        int low = 0, high = most + 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (passes(middle)) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
