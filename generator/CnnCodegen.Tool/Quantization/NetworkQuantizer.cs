using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Quantization;

/// <summary>
/// Turns a float network into a quantized one: what convolution and linear layers read is quantized where it is made, and their weights
/// become codes of 8 bits with a scale for each output channel. Biases stay floats.
/// </summary>
internal static class NetworkQuantizer
{
    private const int MaxCode = 127;

    /// <summary>The values that the layers read, each before what only moves its elements: quantized there, they stay codes on the way.</summary>
    public static int[] Values(NetworkModel model, IReadOnlyCollection<int> layers) => [.. layers.Select(layer => Source(model, model.Nodes[layer].Inputs[0])).Distinct().Order()];

    /// <param name="network">The network.</param>
    /// <param name="layers">Indices of the layers to quantize.</param>
    /// <param name="grids">The quantisation of each of their <see cref="Values"/>.</param>
    public static ImportedNetwork Quantize(ImportedNetwork network, IReadOnlyCollection<int> layers, IReadOnlyDictionary<int, Activation> grids)
    {
        NetworkModel model = network.Model;
        Dictionary<string, (int[] Shape, float[] Data)> weights = new(network.Weights, StringComparer.Ordinal);
        NetworkBuilder builder = new();
        HashSet<string> names = [.. model.Nodes.Select(n => n.Name)];
        int[] plain = new int[model.Nodes.Count], read = new int[model.Nodes.Count];
        for (int i = 0; i < plain.Length; i++)
        {
            Node node = model.Nodes[i];
            Layer layer = node.Layer;
            if (layers.Contains(i))
            {
                layer = (WeightedLayer)layer with { Refinement = new Int8() };
                string name = node.Name + ".weight";
                (float[] data, float[] scales) = Codes(weights[name].Data, node.Shape[1]);
                weights[name] = (weights[name].Shape, data);
                weights[$"{node.Name}.{Int8.Scales}"] = ([scales.Length], scales);
            }

            plain[i] = read[i] = builder.Add(node.Name, layer, [.. node.Inputs.Select(input => read[input])]);
            if (grids.TryGetValue(i, out Activation? grid)) read[i] = builder.Add(Name(names, NetworkModel.Label(node) + ".quantize"), grid, plain[i]);
        }

        return network with { Model = builder.Build(model.Type, [.. model.Outputs.Select(o => plain[o])]), Weights = weights };
    }

    /// <summary>The nearest codes from -127 to 127 times a scale for each output channel, and the scales.</summary>
    public static (float[] Values, float[] Scales) Codes(float[] weights, int channels)
    {
        int filter = weights.Length / channels;
        float[] values = new float[weights.Length], scales = new float[channels];
        for (int k = 0; k < channels; k++)
        {
            ReadOnlySpan<float> taps = weights.AsSpan(k * filter, filter);
            float largest = 0;
            foreach (float tap in taps) largest = Math.Max(largest, MathF.Abs(tap));
            scales[k] = largest / MaxCode > 0 ? largest / MaxCode : 1;
            for (int i = 0; i < filter; i++) values[(k * filter) + i] = Math.Clamp((int)MathF.Round(taps[i] / scales[k]), -MaxCode, MaxCode) * scales[k];
        }

        return (values, scales);
    }

    private static int Source(NetworkModel model, int value)
    {
        while (Grids.Keeps(model.Nodes[value].Layer, null) && model.Nodes[value].Inputs.Count == 1) value = model.Nodes[value].Inputs[0];
        return value;
    }

    private static string Name(HashSet<string> taken, string wanted)
    {
        string name = wanted;
        for (int i = 2; !taken.Add(name); i++) name = FormattableString.Invariant($"{wanted}{i}");
        return name;
    }
}
