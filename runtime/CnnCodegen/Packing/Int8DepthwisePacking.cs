namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the weights of an integer depthwise convolution: for each channel, padded to whole vectors, where its sum starts (minus the
    /// input's zero times the sum of its codes, int32), its factor and its bias in units of the output; then the codes as
    /// [vector of channels][kernel column][kernel rows / dotRows][lane][dotRows], each in 32 / dotRows bits. Each part begins at a multiple of
    /// 64 bytes; what has no channel or no kernel row stays zero.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, C x 1 x taps, each weight a code from -255 to 255 times the channel's scale.</param>
    /// <param name="scales">The scales of the filters.</param>
    /// <param name="inputScale">The scale of the input.</param>
    /// <param name="inputZero">The byte of the input that means 0.</param>
    /// <param name="outputScale">The unit of the results.</param>
    /// <param name="shift">What is added to each bias, in units of the output.</param>
    /// <param name="channels">Number of channels.</param>
    /// <param name="kernelRows">Height of the kernel.</param>
    /// <param name="kernelColumns">Width of the kernel.</param>
    /// <param name="dotRows">Kernel rows that one product takes, 1 or 2.</param>
    /// <param name="lanes">Channels of a vector.</param>
    /// <param name="vectors">Vectors of channels.</param>
    /// <param name="lastChannel">The first channel of the last vector, which may overlap the one before.</param>
    public void Int8Depthwise(
        long offset, ConvTensors tensors, WeightScales scales, double inputScale, int inputZero, double outputScale, float shift,
        int channels, int kernelRows, int kernelColumns, int dotRows, int lanes, int vectors, int lastChannel)
    {
        int products = (kernelRows + dotRows - 1) / dotRows, table = vectors * lanes, taps = kernelRows * kernelColumns;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] weightScales = scales.Of(this, tensors.WeightName, channels);
        double[] norms = tensors.Scales(this, channels);
        float[] biases = new float[channels];
        tensors.Biases(this, biases);
        ChannelTables tables = new(this, offset, table, inputScale, inputZero, outputScale, shift);
        Span<int> words = Integers(offset + (3 * Aligned(table)), table * kernelColumns * products);
        for (int at = 0; at < table; at++)
        {
            (int vector, int lane) = (at / lanes, at % lanes);
            int c = Math.Min(vector * lanes, lastChannel) + lane, sum = 0;
            if (c >= channels) continue;
            for (int tap = 0; tap < taps; tap++)
            {
                (int row, int column) = (tap / kernelColumns, tap % kernelColumns);
                int code = WeightScales.Code(weights[(c * taps) + tap], weightScales[c]);
                ref int word = ref words[(((((vector * kernelColumns) + column) * products) + (row / dotRows)) * lanes) + lane];
                word = dotRows == 1 ? code : row % 2 == 0 ? (word & ~0xFFFF) | (code & 0xFFFF) : (word & 0xFFFF) | (code << 16);
                sum += code;
            }

            tables.Set(at, sum, weightScales[c] * norms[c], biases[c]);
        }
    }
}
