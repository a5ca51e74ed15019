using CnnCodegen.Weights;

namespace CnnCodegen.Execution;

public sealed unsafe partial class WeightPacker
{
    /// <summary>
    /// Packs the weights that straight-line code multiplies by, and refuses others that are not zero; -0 counts as zero. The biases, and at the next
    /// multiple of 64 bytes the weights.
    /// </summary>
    /// <param name="offset">Where the biases begin, in bytes.</param>
    /// <param name="tensors">The layer's tensors.</param>
    /// <param name="filter">Weights of an output channel.</param>
    /// <param name="channels">The output channel of each bias, each once.</param>
    /// <param name="weights">The index of each weight in the tensor; negative for zero.</param>
    /// <exception cref="WeightFileException">A weight that is not among them is not zero.</exception>
    public void Unrolled(long offset, ConvTensors tensors, int filter, ReadOnlySpan<int> channels, ReadOnlySpan<int> weights)
    {
        ReadOnlySpan<float> values = tensors.Weights(this);
        RequirePlaces(tensors.WeightName, values, weights);
        double[] scales = tensors.Scales(this, channels.Length);
        float[] biases = new float[channels.Length];
        tensors.Biases(this, biases);
        Span<float> packedBiases = Packed(offset, channels.Length), packed = Packed(offset + Aligned(channels.Length), weights.Length);
        for (int i = 0; i < channels.Length; i++) packedBiases[i] = biases[channels[i]];
        for (int i = 0; i < weights.Length; i++) packed[i] = weights[i] < 0 ? 0 : (float)(values[weights[i]] * scales[weights[i] / filter]);
    }

    private void RequirePlaces(string tensor, ReadOnlySpan<float> values, ReadOnlySpan<int> places)
    {
        bool[] known = new bool[values.Length];
        foreach (int place in places)
            if (place >= 0) known[place] = true;
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] != 0 && !known[i])
                throw new WeightFileException(_file.Source, tensor, $"weight {i} is not zero, but was when the network was compiled, which wrote the places of the others into its code; build again with this file, or leave out Unroll");
        }
    }
}
