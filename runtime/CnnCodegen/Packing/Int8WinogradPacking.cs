namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the weights of an integer Winograd convolution: for each output channel, padded to whole vectors, where its sum
    /// starts (minus the input's zero times the sum of its codes, as many times as large as it enters the transformed sums, modulo 2^32), its factor and its bias
    /// in units of the output; then each filter g as T g T^T in 16 bits, as [register tile of output channels][element][phase][input channels / dot]
    /// [vector][lane][dot]. An element is a pair of points, with a row of T for each of their phases. Each part begins at a multiple of 64 bytes;
    /// what has no channel stays zero.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps x taps, each weight a code from -128 to 127 times its filter's scale.</param>
    /// <param name="scales">The scales of the filters.</param>
    /// <param name="inputScale">The scale of the input.</param>
    /// <param name="inputZero">The byte of the input that means 0.</param>
    /// <param name="outputScale">The unit of the results.</param>
    /// <param name="shift">What is added to each bias, in units of the output.</param>
    /// <param name="transform">T, point by point and there phase by phase, each row of as many entries as there are taps.</param>
    /// <param name="taps">Kernel height and width.</param>
    /// <param name="phases">For each point how many rows of T it has.</param>
    /// <param name="startFactor">What a sum's start is multiplied by.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="channels">Input channels as the kernel reads them, padded.</param>
    /// <param name="lanes">Output channels of a vector.</param>
    /// <param name="vectors">Vectors of output channels.</param>
    /// <param name="tileVectors">Those of a register tile.</param>
    /// <param name="dot">Input channels that one dot product takes.</param>
    public void Int8Winograd(
        long offset, ConvTensors tensors, WeightScales scales, double inputScale, int inputZero, double outputScale, float shift,
        ReadOnlySpan<int> transform, int taps, ReadOnlySpan<int> phases, int startFactor, int outChannels, int inChannels, int channels, int lanes, int vectors, int tileVectors, int dot)
    {
        int size = transform.Length / taps, area = taps * taps, table = vectors * lanes, step = tileVectors * lanes;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] weightScales = scales.Of(this, tensors.WeightName, outChannels), norms = tensors.Scales(this, outChannels);
        ChannelTables tables = new(this, offset, table, inputScale, inputZero, outputScale, shift);
        float[] biases = new float[outChannels];
        tensors.Biases(this, biases);
        int[] places = new int[size * size];
        PlaceFilters(places, phases, channels * step, 0, 0, 1, byElement: false);
        short* packed = (short*)Pointer(offset + (3 * Aligned(table)), checked((int)(((long)size * size * channels * table) + 1) / 2));
        double[] rows = new double[transform.Length];
        for (int i = 0; i < rows.Length; i++) rows[i] = transform[i];
        int[] sums = new int[outChannels];

        // All filters of a register tile at once, a column of numbers for each, which double precision holds exactly.
        int width = (step + Columns - 1) / Columns * Columns;
        double* codes = stackalloc double[area * width], half = stackalloc double[size * taps * width], whole = stackalloc double[size * size * width];
        fixed (double* matrix = rows)
        {
            for (int first = 0; first < outChannels; first += step)
            {
                int count = Math.Min(step, outChannels - first);
                short* tile = packed + ((long)first * size * size * channels);
                for (int c = 0; c < inChannels; c++)
                {
                    for (int k = 0; k < count; k++)
                    {
                        ReadOnlySpan<float> filter = weights.Slice((((first + k) * inChannels) + c) * area, area);
                        for (int tap = 0; tap < area; tap++)
                        {
                            int code = WeightScales.Code(filter[tap], weightScales[first + k]);
                            codes[(tap * width) + k] = code;
                            sums[first + k] += code;
                        }
                    }

                    Multiply(matrix, size, taps, codes, taps * width, half);
                    for (int i = 0; i < size; i++) Multiply(matrix, size, taps, half + (i * taps * width), width, whole + (i * size * width));
                    short* to = tile + ((long)(c / dot) * dot * step) + (c % dot);
                    for (int i = 0; i < places.Length; i++)
                        for (int k = 0; k < count; k++) to[places[i] + (k * dot)] = (short)whole[(i * width) + k];
                }
            }
        }

        for (int k = 0; k < outChannels; k++) tables.Set(k, unchecked(startFactor * sums[k]), weightScales[k] * norms[k], biases[k]);
    }
}
