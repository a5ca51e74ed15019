namespace CnnCodegen.Execution;

/// <summary>The tensors of a convolution or linear layer.</summary>
/// <param name="weight">Name of the weights, output channels first (for a transposed convolution: input channels first).</param>
/// <param name="bias">Name of the biases; null for none.</param>
/// <param name="norm">Name of the batch norm folded into the layer; null for none.</param>
/// <param name="epsilon">What the batch norm adds to its variance.</param>
public readonly struct ConvTensors(string weight, string? bias, string? norm, float epsilon)
{
    /// <summary>The name of the weights.</summary>
    internal string WeightName => weight;

    /// <summary>The weights as they are in the file.</summary>
    internal ReadOnlySpan<float> Weights(WeightPacker packer) => packer.Tensor(weight);

    /// <summary>The factor of each output channel's weights: 1 without a batch norm.</summary>
    internal double[] Scales(WeightPacker packer, int outChannels)
    {
        if (norm is not null) return packer.Norm(norm, epsilon).Scale;
        double[] ones = new double[outChannels];
        // A loop: Array.Fill is generic and vectorised, and the first load would have to compile it.
        for (int k = 0; k < ones.Length; k++) ones[k] = 1;
        return ones;
    }

    /// <summary>When the result of a channel, <paramref name="alpha"/> times a sum of signs with bias and norm applied, is at least 0.</summary>
    internal Threshold Threshold(WeightPacker packer, int channel, double alpha)
    {
        double added = bias is null ? 0 : packer.Tensor(bias)[channel];
        if (norm is null) return new Threshold(sum => (alpha * sum) + added, falls: false);
        double weight = packer.Tensor(norm + ".weight")[channel], shift = packer.Tensor(norm + ".bias")[channel];
        double mean = packer.Tensor(norm + ".running_mean")[channel], deviation = Math.Sqrt((double)packer.Tensor(norm + ".running_var")[channel] + epsilon);
        return new Threshold(sum => (((alpha * sum) + added - mean) / deviation * weight) + shift, falls: weight < 0);
    }

    /// <summary>Writes the bias of each output channel: (bias) * scale + shift, rounded once.</summary>
    internal void Biases(WeightPacker packer, Span<float> target)
    {
        ReadOnlySpan<float> biases = bias is null ? default : packer.Tensor(bias);
        FoldedNorm? folded = norm is null ? null : packer.Norm(norm, epsilon);
        for (int k = 0; k < target.Length; k++)
        {
            double value = biases.IsEmpty ? 0 : biases[k];
            target[k] = (float)(folded is null ? value : (value * folded.Scale[k]) + folded.Shift[k]);
        }
    }
}
