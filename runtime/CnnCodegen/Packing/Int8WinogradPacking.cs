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
    /// <param name="tensors">The layer's tensors, K x C x taps x taps, each weight a code times its filter's scale.</param>
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
        int[] places = new int[size * size], transformedPlaces = new int[size * size];
        PlaceFilters(places, phases, channels * step, 0, 0, 1, byElement: false);
        PlaceFilters(transformedPlaces, phases, inChannels * step, 0, 0, 1, byElement: false);
        short* packed = (short*)Pointer(offset + (3 * Aligned(table)), checked((int)(((long)size * size * channels * table) + 1) / 2));
        double[] rows = new double[transform.Length], ones = new double[step];
        for (int i = 0; i < rows.Length; i++) rows[i] = transform[i];
        Array.Fill(ones, 1);

        // A register tile of output channels at a time; codes and what they become are integers that floats hold exactly.
        float[] codes = new float[step * inChannels * area], transformed = new float[places.Length * inChannels * step];
        int[] sums = new int[outChannels];
        for (int first = 0; first < outChannels; first += step)
        {
            int count = Math.Min(step, outChannels - first);
            ReadOnlySpan<float> filters = weights.Slice(first * inChannels * area, count * inChannels * area);
            for (int i = 0; i < filters.Length; i++)
            {
                int k = first + (i / (inChannels * area)), code = WeightScales.Code(filters[i], weightScales[k]);
                codes[i] = code;
                sums[k] += code;
            }

            fixed (float* from = codes, to = transformed)
            fixed (double* matrix = rows, scale = ones)
            fixed (int* place = transformedPlaces)
            {
                for (int k = 0; k < count; k += Together)
                    TransformFilters(from + (k * inChannels * area), inChannels, taps, matrix, size, scale, Math.Min(count - k, Together), to + k, step, Math.Min(step - k, Together), place);
            }

            short* tile = packed + ((long)first * size * size * channels);
            for (int i = 0; i < places.Length; i++)
            {
                for (int c = 0; c < inChannels; c++)
                {
                    ReadOnlySpan<float> element = transformed.AsSpan(transformedPlaces[i] + (c * step), count);
                    short* to = tile + places[i] + (c / dot * dot * step) + (c % dot);
                    for (int k = 0; k < count; k++) to[k * dot] = (short)element[k];
                }
            }
        }

        for (int k = 0; k < outChannels; k++) tables.Set(k, unchecked(startFactor * sums[k]), weightScales[k] * norms[k], biases[k]);
    }
}
