using CnnCodegen.Compression;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Verification;
using Grid = CnnCodegen.Generator.Model.DoReFa;

namespace CnnCodegen.Tool.Compression;

/// <summary>
/// Methods that leave weights, and what they are multiplied with, a few bits. Nothing is trained: where a paper's layer has no scale of its
/// own, the scale of the weights and of what the layer reads on the samples is kept. Convolutions of groups take other weights only.
/// </summary>
internal static class LowBits
{
    /// <summary>The node that makes a layer's value, where it is not the layer's own.</summary>
    public static string ResultOf(string layer) => layer + ".result";

    /// <summary>alpha * sign(w) for the weights.</summary>
    public static ImportedNetwork BinaryWeight(CompressionJob job) => LayerReplacement.Apply(job, (nodes, layer, inputs) =>
        Refine(nodes, job, layer, new BinaryWeight(), BinaryWeights.Of(job.Weight(layer), job.WeightShape(layer)[0]), inputs[0]));

    /// <summary>Signs of weights and inputs; the mean magnitudes of both are in the weights.</summary>
    public static ImportedNetwork Binary(CompressionJob job) => Signs(job, new BinaryWeight(), layer => BinaryWeights.Of(job.Weight(layer), job.WeightShape(layer)[0]));

    /// <summary>Weights of -1, 0 and 1 and signs of inputs, scaled likewise.</summary>
    public static ImportedNetwork Bitwise(CompressionJob job)
    {
        double zeros = job[MethodCatalog.Zeros];
        if (zeros is not (>= 0 and < 1)) throw new CommandException(FormattableString.Invariant($"--zeros {zeros}: it must be at least 0 and below 1"));
        return Signs(job, new Bitwise(zeros), layer => TernaryWeights.Of(job.Weight(layer), job.WeightShape(layer)[0], zeros));
    }

    /// <summary>Signs of weights and inputs; each output pixel is scaled by the mean magnitude of what its filter reads.</summary>
    public static ImportedNetwork Xnor(CompressionJob job) => LayerReplacement.Apply(job, (nodes, layer, inputs) =>
    {
        Node node = job.Model.Nodes[layer];
        WeightedLayer weighted = (WeightedLayer)node.Layer;
        if (!Channels.ChannelFlow.MixesChannels(weighted)) return null;
        int x = inputs[0], scales = XnorScales.Of(x, _ => weighted, (step, layerOf, values) => nodes.Add($"{node.Name}.{step}", layerOf(nodes.Shape(values[0])), values));
        float[]? bias = Bias(job, node);
        int sum = nodes.Add(
            node.Name, weighted with { Bias = false, Refinement = new BinaryWeight() }, "weight", job.WeightShape(layer), BinaryWeights.Of(job.Weight(layer), job.WeightShape(layer)[0]),
            nodes.Add(node.Name + ".binarize", new Activation(ActivationKind.Binarize), x));
        int scaled = nodes.Add(bias is null ? ResultOf(node.Name) : node.Name + ".scaled", new Binary(BinaryKind.Mul), sum, scales);
        return bias is null ? scaled : nodes.Add(ResultOf(node.Name), new Binary(BinaryKind.Add), scaled, nodes.AddParameter(node.Name + ".shift", node.Shape.Rank, bias));
    });

    /// <summary>Weights and inputs of so many bits; the inputs reach from 0 to the greatest one on the samples.</summary>
    public static ImportedNetwork DoReFa(CompressionJob job)
    {
        int weightBits = Bits(job, MethodCatalog.WeightBits), inputBits = Bits(job, MethodCatalog.ActivationBits), codes = (1 << Math.Min(inputBits, 8)) - 1;
        Dictionary<int, double> greatest = Inputs(job, (most, data) => Math.Max(most, data.Max()));
        return LayerReplacement.Apply(job, (nodes, layer, inputs) =>
        {
            Node node = job.Model.Nodes[layer];
            float[] weights = job.Weight(layer);
            if (weightBits != Grid.Float && !weights.AsSpan().ContainsAnyExcept(0f)) return null;
            double most = greatest[layer];
            int x = inputBits == Grid.Float ? inputs[0]
                : nodes.Add(node.Name + ".quantize", new Activation(ActivationKind.Quantize, (float)((most > 0 ? most : 1) / codes)) { High = codes }, inputs[0]);
            if (weightBits == Grid.Float) return nodes.Add(node.Name, node.Layer, x);
            if (weightBits == 1) return Refine(nodes, job, layer, new BinaryWeight(), BinaryWeights.Of(weights, 1), x);
            (float[] grid, float scale) = GridWeights.Of(weights, weightBits);
            return Refine(nodes, job, layer, new Grid(weightBits), Array.ConvertAll(grid, w => w * scale), x);
        });
    }

    private static ImportedNetwork Signs(CompressionJob job, Refinement refinement, Func<int, float[]> weights)
    {
        Dictionary<int, double> magnitudes = Inputs(job, (mean, data) => mean + (data.Average(v => (double)Math.Abs(v)) / job.Samples.Count));
        return LayerReplacement.Apply(job, (nodes, layer, inputs) => Refine(
            nodes, job, layer, refinement, Array.ConvertAll(weights(layer), w => w * (float)magnitudes[layer]),
            nodes.Add(job.Model.Nodes[layer].Name + ".binarize", new Activation(ActivationKind.Binarize), inputs[0])));
    }

    private static int Refine(LayerReplacement nodes, CompressionJob job, int layer, Refinement refinement, float[] weights, int input) => nodes.Add(
        job.Model.Nodes[layer].Name, (WeightedLayer)job.Model.Nodes[layer].Layer with { Refinement = refinement }, "weight", job.WeightShape(layer), weights, input);

    private static float[]? Bias(CompressionJob job, Node node) => node.Layer is WeightedLayer { Bias: true } ? job.Network.Weight(node.Name + ".bias") : null;

    /// <summary>A number for what each layer reads, gathered from 0 over the samples.</summary>
    private static Dictionary<int, double> Inputs(CompressionJob job, Func<double, float[], double> gather)
    {
        Dictionary<int, double> numbers = job.Layers.Select(l => job.Model.Nodes[l].Inputs[0]).Distinct().ToDictionary(value => value, _ => 0.0);
        using SampleValues onSamples = new(job.Network, numbers.Keys, job.Samples, job.Isa);
        onSamples.Visit((value, data) => numbers[value] = gather(numbers[value], data));
        return job.Layers.ToDictionary(layer => layer, layer => numbers[job.Model.Nodes[layer].Inputs[0]]);
    }

    private static int Bits(CompressionJob job, string option) => job.Whole(option) is var bits && Grid.Allows(bits)
        ? bits
        : throw new CommandException($"{option} {bits}: 1 to {Grid.MaxBits} is possible, or {Grid.Float} for what stays in floats");
}
