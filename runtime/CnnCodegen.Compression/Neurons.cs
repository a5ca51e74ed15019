namespace CnnCodegen.Compression;

/// <summary>
/// The neurons of a layer, or the channels of a convolution, with what they read and what reads them. A removed one has weights of zero on
/// both sides.
/// </summary>
/// <param name="Incoming">The weights of each neuron.</param>
/// <param name="Bias">The bias of each neuron.</param>
/// <param name="Outgoing">What the next layer multiplies each neuron's value with, over all of its outputs and taps.</param>
public sealed record Neurons(float[][] Incoming, float[] Bias, float[][] Outgoing)
{
    /// <summary>How many there are, removed ones included.</summary>
    public int Count => Bias.Length;

    /// <summary>A copy that may be changed.</summary>
    internal Neurons Copy() => new([.. Incoming.Select(w => (float[])w.Clone())], (float[])Bias.Clone(), [.. Outgoing.Select(w => (float[])w.Clone())]);

    /// <summary>Sets all weights of a neuron to zero.</summary>
    internal void Remove(int neuron)
    {
        Array.Clear(Incoming[neuron]);
        Array.Clear(Outgoing[neuron]);
        Bias[neuron] = 0;
    }
}
