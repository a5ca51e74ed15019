using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Model.Rewrites;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression;

/// <summary>A network in the making, with other nodes in place of some of those of the network it is made from.</summary>
internal sealed class LayerReplacement
{
    private readonly NetworkBuilder _builder = new();
    private readonly Dictionary<string, (int[] Shape, float[] Data)> _weights;

    private LayerReplacement(ImportedNetwork network) => _weights = new(network.Weights, StringComparer.Ordinal);

    /// <summary>The value that stands for a node; null to leave the node as it is.</summary>
    /// <param name="nodes">Takes the nodes to put in its place.</param>
    /// <param name="node">The node's index.</param>
    /// <param name="inputs">The values that it reads, among the new nodes.</param>
    public delegate int? Replace(LayerReplacement nodes, int node, int[] inputs);

    /// <summary>The network in which each of a job's layers may be replaced.</summary>
    public static ImportedNetwork Apply(CompressionJob job, Replace replace) =>
        Apply(job.Network, (nodes, node, inputs) => job.Layers.Contains(node) ? replace(nodes, node, inputs) : null);

    /// <summary>The network in which each node may be replaced; what no output depends on any more is gone.</summary>
    public static ImportedNetwork Apply(ImportedNetwork network, Replace replace)
    {
        LayerReplacement nodes = new(network);
        NetworkModel model = network.Model;
        int[] values = new int[model.Nodes.Count];
        for (int i = 0; i < values.Length; i++)
        {
            Node node = model.Nodes[i];
            int[] inputs = [.. node.Inputs.Select(input => values[input])];
            values[i] = replace(nodes, i, inputs) ?? nodes.Add(node.Name, node.Layer, inputs);
        }

        model = RemoveDeadNodes.Apply(nodes._builder.Build(model.Type, [.. model.Outputs.Select(o => values[o])])) with { Accuracy = model.Accuracy };
        return network with { Model = model, Weights = model.WeightTensors().ToDictionary(t => t.Name, t => nodes._weights[t.Name], StringComparer.Ordinal) };
    }

    public TensorShape Shape(int value) => _builder.Shape(value);

    public int Add(string name, Layer layer, params int[] inputs) => _builder.Add(name, layer, inputs);

    /// <summary>Adds a layer and one of its tensors.</summary>
    public int Add(string name, Layer layer, string tensor, int[] shape, float[] data, params int[] inputs)
    {
        _weights[$"{name}.{tensor}"] = (shape, data);
        return Add(name, layer, inputs);
    }

    /// <summary>Adds one value for each channel.</summary>
    public int AddParameter(string name, int rank, float[] channels)
    {
        int[] shape = [1, channels.Length, .. Enumerable.Repeat(1, rank - 2)];
        return Add(name, new Parameter(new TensorShape([.. shape])), "value", shape, channels);
    }
}
