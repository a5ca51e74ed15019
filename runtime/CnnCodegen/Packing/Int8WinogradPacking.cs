namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the weights of an integer Winograd convolution of 3x3 kernels: for each output channel, padded to whole vectors, where its sum
    /// starts (minus the input's zero times the sum of its codes, as many times as large as the transform makes sums), its factor and its bias
    /// in units of the output; then each filter g as T g T^T in 16 bits, as [register tile of output channels][element][input channels / dot]
    /// [vector][lane][dot]. Each part begins at a multiple of 64 bytes; what has no channel stays zero.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x 3 x 3, each weight a code from -128 to 127 times its filter's scale.</param>
    /// <param name="scales">The scales of the filters.</param>
    /// <param name="inputScale">The scale of the input.</param>
    /// <param name="inputZero">The byte of the input that means 0.</param>
    /// <param name="outputScale">The unit of the results.</param>
    /// <param name="shift">What is added to each bias, in units of the output.</param>
    /// <param name="transform">T, row by row, each of three entries: twice the G of F(2x2, 3x3), which makes sums four times as large.</param>
    /// <param name="outChannels">Output channels.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="channels">Input channels as the kernel reads them, padded.</param>
    /// <param name="lanes">Output channels of a vector.</param>
    /// <param name="vectors">Vectors of output channels.</param>
    /// <param name="tileVectors">Those of a register tile.</param>
    /// <param name="dot">Input channels that one dot product takes.</param>
    public void Int8Winograd(
        long offset, ConvTensors tensors, WeightScales scales, double inputScale, int inputZero, double outputScale, float shift,
        ReadOnlySpan<int> transform, int outChannels, int inChannels, int channels, int lanes, int vectors, int tileVectors, int dot)
    {
        const int Taps = 3, Area = Taps * Taps, Growth = 4;
        int size = transform.Length / Taps, table = vectors * lanes, step = tileVectors * lanes;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] weightScales = scales.Of(this, tensors.WeightName, outChannels), norms = tensors.Scales(this, outChannels);
        ChannelTables tables = new(this, offset, table, inputScale, Growth * inputZero, outputScale, shift);
        float[] biases = new float[outChannels];
        tensors.Biases(this, biases);
        short* packed = (short*)Pointer(offset + (3 * Aligned(table)), checked((int)(((long)size * size * channels * table) + 1) / 2));
        int* codes = stackalloc int[Area], half = stackalloc int[size * Taps];
        for (int k = 0; k < outChannels; k++)
        {
            double scale = weightScales[k];
            short* tile = packed + ((long)(k / step) * size * size * channels * step) + (k % step * dot);
            int sum = 0;
            for (int c = 0; c < inChannels; c++)
            {
                ReadOnlySpan<float> filter = weights.Slice(((k * inChannels) + c) * Area, Area);
                for (int tap = 0; tap < Area; tap++)
                {
                    codes[tap] = WeightScales.Code(filter[tap], scale);
                    sum += codes[tap];
                }

                for (int i = 0; i < size * Taps; i++)
                    half[i] = (transform[i / Taps * Taps] * codes[i % Taps]) + (transform[(i / Taps * Taps) + 1] * codes[Taps + (i % Taps)]) + (transform[(i / Taps * Taps) + 2] * codes[(2 * Taps) + (i % Taps)]);
                short* to = tile + ((long)(c / dot) * dot * step) + (c % dot);
                for (int i = 0; i < size; i++)
                {
                    int* row = half + (i * Taps);
                    for (int j = 0; j < transform.Length; j += Taps, to += channels * step)
                        *to = (short)((row[0] * transform[j]) + (row[1] * transform[j + 1]) + (row[2] * transform[j + 2]));
                }
            }

            tables.Set(k, sum, scale * norms[k], biases[k]);
        }
    }
}
