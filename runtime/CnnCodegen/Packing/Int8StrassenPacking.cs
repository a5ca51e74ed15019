namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the weights of an integer 1x1 convolution by Strassen's algorithm in Winograd's form: for each output channel where its sum starts (minus
    /// the input's zero times the sum of its codes), its factor and its bias in units of the output; then, with A the codes by halves of the
    /// output and of the input channels, those of A11, A12, A21 + A22 - A11, A11 - A21, -A22, A21 + A22 and A12 - A21 - A22 + A11 in 16 bits, as
    /// [register tile of half the output channels][product][input channels / dot][output channel of the tile][dot]; a vector of output
    /// channels is followed by the next of its tile. Each part begins at a multiple of 64 bytes.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C, each weight a code from -255 to 255 times its filter's scale.</param>
    /// <param name="scales">The scales of the filters.</param>
    /// <param name="inputScale">The scale of the input.</param>
    /// <param name="inputZero">The byte of the input that means 0.</param>
    /// <param name="outputScale">The unit of the results.</param>
    /// <param name="shift">What is added to each bias, in units of the output.</param>
    /// <param name="outChannels">Output channels; half of them are whole register tiles.</param>
    /// <param name="inChannels">Input channels.</param>
    /// <param name="tileChannels">Output channels of a register tile.</param>
    /// <param name="dot">Input channels that one dot product takes.</param>
    public void Int8Strassen(
        long offset, ConvTensors tensors, WeightScales scales, double inputScale, int inputZero, double outputScale, float shift,
        int outChannels, int inChannels, int tileChannels, int dot)
    {
        const int Products = 7;
        int outHalf = outChannels / 2, half = inChannels / 2, chunk = half * tileChannels;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] weightScales = scales.Of(this, tensors.WeightName, outChannels), norms = tensors.Scales(this, outChannels);
        ChannelTables tables = new(this, offset, outChannels, inputScale, inputZero, outputScale, shift);
        float[] biases = new float[outChannels];
        tensors.Biases(this, biases);
        short* packed = (short*)Pointer(offset + (3 * Aligned(outChannels)), checked((int)((long)Products * half * outHalf / 2)));
        for (int k = 0; k < outHalf; k++)
        {
            ReadOnlySpan<float> first = weights.Slice(k * inChannels, inChannels), second = weights.Slice((outHalf + k) * inChannels, inChannels);
            double firstScale = weightScales[k], secondScale = weightScales[outHalf + k];
            short* tile = packed + ((long)(k / tileChannels) * Products * chunk) + (k % tileChannels * dot);
            int firstSum = 0, secondSum = 0;
            for (int c = 0; c < half; c++)
            {
                int a11 = WeightScales.Code(first[c], firstScale), a12 = WeightScales.Code(first[half + c], firstScale);
                int a21 = WeightScales.Code(second[c], secondScale), a22 = WeightScales.Code(second[half + c], secondScale);
                firstSum += a11 + a12;
                secondSum += a21 + a22;
                short* to = tile + ((long)(c / dot) * dot * tileChannels) + (c % dot);
                to[0] = (short)a11;
                to[chunk] = (short)a12;
                to[2 * chunk] = (short)(a21 + a22 - a11);
                to[3 * chunk] = (short)(a11 - a21);
                to[4 * chunk] = (short)-a22;
                to[5 * chunk] = (short)(a21 + a22);
                to[6 * chunk] = (short)(a12 - a21 - a22 + a11);
            }

            tables.Set(k, firstSum, firstScale * norms[k], biases[k]);
            tables.Set(outHalf + k, secondSum, secondScale * norms[outHalf + k], biases[outHalf + k]);
        }
    }
}
