using CnnCodegen.Weights;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    private const int LeastCode = sbyte.MinValue, GreatestCode = sbyte.MaxValue;

    /// <summary>
    /// Packs the weights of an integer convolution or linear layer: for each output channel, padded to whole vectors, where its sum starts
    /// (minus the input's zero times the sum of its codes, int32), its factor and its bias in units of the output; then the codes as
    /// [vector of output channels][tap][input channels / dot][lane][dot]. Each part begins at a multiple of 64 bytes; what has no channel
    /// stays zero.
    /// </summary>
    /// <param name="offset">Where they begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors, K x C x taps, each weight a code that fits <paramref name="weightBytes"/>, times its filter's scale.</param>
    /// <param name="scales">The scales of the filters.</param>
    /// <param name="inputScale">The scale of the input.</param>
    /// <param name="inputZero">The byte of the input that means 0.</param>
    /// <param name="outputScale">The unit of the results.</param>
    /// <param name="shift">What is added to each bias, in units of the output.</param>
    /// <param name="groups">Groups of channels that do not mix.</param>
    /// <param name="outChannels">Output channels of a group.</param>
    /// <param name="inChannels">Input channels of a group; in the kernel's order they are padded to whole words of four.</param>
    /// <param name="taps">Kernel height times width.</param>
    /// <param name="lanes">Output channels of a vector.</param>
    /// <param name="vectors">Vectors of output channels of all groups.</param>
    /// <param name="dot">Input channels that one dot product takes.</param>
    /// <param name="weightBytes">Bytes of a code, 1 or 2.</param>
    public void Int8(
        long offset, ConvTensors tensors, WeightScales scales, double inputScale, int inputZero, double outputScale, float shift,
        int groups, int outChannels, int inChannels, int taps, int lanes, int vectors, int dot, int weightBytes)
    {
        int all = groups * outChannels, table = vectors * lanes, padded = (inChannels + 3) / 4 * 4, vectorBytes = taps * padded * lanes * weightBytes;
        ReadOnlySpan<float> weights = tensors.Weights(this);
        double[] weightScales = scales.Of(this, tensors.WeightName, all);
        double[] norms = tensors.Scales(this, all);
        ChannelTables tables = new(this, offset, table, inputScale, inputZero, outputScale, shift);
        float[] biases = new float[all];
        byte* packed = Pointer(offset + (3 * Aligned(table)), checked((int)((((long)vectors * vectorBytes) + 3) / 4)));
        tensors.Biases(this, biases);
        for (int k = 0; k < all; k++)
        {
            double scale = weightScales[k];
            byte* vector = packed + ((long)(k / lanes) * vectorBytes) + (k % lanes * dot * weightBytes);
            ReadOnlySpan<float> filter = weights.Slice(k * inChannels * taps, inChannels * taps);
            int sum = 0;
            for (int c = 0; c < inChannels; c++)
            {
                for (int tap = 0; tap < taps; tap++)
                {
                    int code = WeightScales.Code(filter[(c * taps) + tap], scale);
                    int at = (tap * padded) + c;
                    long place = ((long)(at / dot) * lanes * dot) + (at % dot);
                    if (weightBytes == sizeof(sbyte)) vector[place] = (byte)code;
                    else ((short*)vector)[place] = (short)code;
                    sum += code;
                }
            }

            tables.Set(k, sum, scale * norms[k], biases[k]);
        }
    }

    /// <summary>Refuses weights that are not codes from -128 to 127 times the scale of their output channel.</summary>
    /// <param name="tensor">The weights, output channels first.</param>
    /// <param name="scales">The scales, one for each output channel.</param>
    /// <exception cref="WeightFileException">A scale is not above 0, or a weight is no such multiple of it.</exception>
    public void RequireCodes(string tensor, string scales)
    {
        ReadOnlySpan<float> weights = Tensor(tensor), channels = Tensor(scales);
        for (int k = 0; k < channels.Length; k++)
        {
            float scale = channels[k];
            if (!(scale > 0 && float.IsFinite(scale))) throw new WeightFileException(_file.Source, scales, FormattableString.Invariant($"the scale of output channel {k} is {scale}; it must be above 0"));
            int filter = weights.Length / channels.Length;
            foreach (float weight in weights.Slice(k * filter, filter))
            {
                float code = MathF.Round(weight / scale);
                if (!(code >= LeastCode && code <= GreatestCode && code * scale == weight))
                    throw new WeightFileException(_file.Source, tensor, FormattableString.Invariant(
                        $"{weight} in output channel {k} is no code from {LeastCode} to {GreatestCode} times the channel's scale {scale} in '{scales}'; quantize the weights, or leave Int8 out"));
            }
        }
    }

    /// <summary>For each output channel where its sum starts, its factor and its bias in units of the output, in three tables.</summary>
    private readonly ref struct ChannelTables(WeightPacker packer, long offset, int length, double inputScale, int inputZero, double outputScale, float shift)
    {
        private readonly Span<int> _starts = packer.Integers(offset, length);

        private readonly Span<float> _factors = packer.Packed(offset + Aligned(length), length), _biases = packer.Packed(offset + (2 * Aligned(length)), length);

        /// <param name="at">Where the channel's entries lie.</param>
        /// <param name="sum">The sum of its weights' codes.</param>
        /// <param name="scale">What one code of its weights is.</param>
        /// <param name="bias">Its bias.</param>
        public void Set(int at, int sum, double scale, float bias)
        {
            _starts[at] = -inputZero * sum;
            _factors[at] = (float)(scale * inputScale / outputScale);
            _biases[at] = (float)((bias / outputScale) + shift);
        }
    }

    /// <summary>A part of the packed weights that holds no floats.</summary>
    private byte* Pointer(long byteOffset, int words)
    {
        Packed(byteOffset, words);
        return _destination + byteOffset;
    }
}
