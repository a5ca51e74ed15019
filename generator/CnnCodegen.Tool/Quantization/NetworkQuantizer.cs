using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Quantization;

/// <summary>
/// Turns a float network into a quantized one: what convolution and linear layers read is quantized where it is made, and their weights
/// become codes of 8 bits with a scale for each output channel. Biases stay floats unless they are asked to be integers too.
/// </summary>
internal static class NetworkQuantizer
{
    private const int MaxCode = 127;

    /// <summary>The greatest code of a bias: far enough from the end of 32 bits for the sum that it is added to.</summary>
    private const int GreatestBias = 1 << 30;

    /// <summary>The layers with weights that nothing is known of.</summary>
    public static int[] FloatLayers(NetworkModel model) => [.. Enumerable.Range(0, model.Nodes.Count).Where(i => model.Nodes[i].Layer is WeightedLayer { Refinement: null })];

    /// <summary>The values that the layers read, each before what only moves its elements: quantized there, they stay codes on the way.</summary>
    public static int[] Values(NetworkModel model, IReadOnlyCollection<int> layers) => [.. layers.Select(layer => Source(model, model.Nodes[layer].Inputs[0])).Distinct().Order()];

    /// <summary>
    /// Those, and what layers of several operands and averages read: for engines that take a layer as a quantized one only where everything
    /// it reads and writes is quantized.
    /// </summary>
    public static int[] AllValues(NetworkModel model, IReadOnlyCollection<int> layers)
    {
        IEnumerable<int> operands = model.Nodes.Where(n => n.Layer is Binary or Concat or GlobalPool or Pool { Function: PoolKind.Average }).SelectMany(n => n.Inputs);
        return [.. operands.Select(value => Source(model, value)).Where(value => model.Nodes[value].Layer is not Parameter).Concat(Values(model, layers)).Distinct().Order()];
    }

    /// <param name="network">The network.</param>
    /// <param name="layers">Indices of the layers to quantize.</param>
    /// <param name="grids">The quantisation of each of their <see cref="Values"/>, or of more.</param>
    /// <param name="integerBiases">Biases become codes of 32 bits, in units of the sums that they are added to.</param>
    public static ImportedNetwork Quantize(ImportedNetwork network, IReadOnlyCollection<int> layers, IReadOnlyDictionary<int, Activation> grids, bool integerBiases = false)
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
                string name = node.Name + ".weight", bias = node.Name + ".bias";
                float input = grids[Source(model, node.Inputs[0])].Alpha;
                float[]? biases = integerBiases && weights.TryGetValue(bias, out (int[] Shape, float[] Data) given) ? given.Data : null;
                (float[] data, float[] scales) = Codes(weights[name].Data, node.Shape[1], biases is null ? null : [.. biases.Select(b => MathF.Abs(b) / input / GreatestBias)]);
                if (biases is not null) weights[bias] = (weights[bias].Shape, [.. biases.Select((b, k) => Code(b, scales[k] * input) * (scales[k] * input))]);
                weights[name] = (weights[name].Shape, data);
                weights[$"{node.Name}.{Int8.Scales}"] = ([scales.Length], scales);
            }

            plain[i] = read[i] = builder.Add(node.Name, layer, [.. node.Inputs.Select(input => read[input])]);
            if (grids.TryGetValue(i, out Activation? grid)) read[i] = builder.Add(Name(names, NetworkModel.Label(node) + ".quantize"), grid, plain[i]);
        }

        return network with { Model = builder.Build(model.Type, [.. model.Outputs.Select(o => plain[o])]), Weights = weights };
    }

    /// <summary>The nearest code of a weight or bias, in units of what a code is.</summary>
    public static int Code(float value, float unit) => (int)Math.Round(value / (double)unit);

    /// <summary>The nearest codes from -127 to 127 times a scale for each output channel, and the scales.</summary>
    /// <param name="weights">The weights, output channels first.</param>
    /// <param name="channels">Output channels.</param>
    /// <param name="least">What the scale of each output channel is at least; null for nothing.</param>
    public static (float[] Values, float[] Scales) Codes(float[] weights, int channels, float[]? least = null)
    {
        int filter = weights.Length / channels;
        float[] values = new float[weights.Length], scales = new float[channels];
        for (int k = 0; k < channels; k++)
        {
            ReadOnlySpan<float> taps = weights.AsSpan(k * filter, filter);
            float largest = 0;
            foreach (float tap in taps) largest = Math.Max(largest, MathF.Abs(tap));
            scales[k] = largest / MaxCode > 0 ? Math.Max(largest / MaxCode, least?[k] ?? 0) : 1;
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
