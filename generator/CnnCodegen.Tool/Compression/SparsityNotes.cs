using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Import.Naming;

namespace CnnCodegen.Tool.Compression;

/// <summary>Says in the network how many of each layer's weights are not zero.</summary>
internal static class SparsityNotes
{
    /// <summary>A layer with more weights than this has nothing to gain from being sparse.</summary>
    private const double LargestDensity = 0.9;

    private const double Step = 1e-4;

    /// <summary>The network with <c>Sparse</c> behind every layer that has many zeros; other refinements stay.</summary>
    public static ImportedNetwork Add(ImportedNetwork network)
    {
        Node[] nodes = [.. network.Model.Nodes];
        foreach (int layer in RefinedGroup.PlainLayers(network.Model.Nodes)) nodes[layer] = Note(nodes[layer], network.Weight(nodes[layer].Name + ".weight"));
        return network with { Model = network.Model with { Nodes = new EquatableArray<Node>(nodes) } };
    }

    private static Node Note(Node node, float[] weights)
    {
        double density = (double)weights.Count(w => w != 0) / weights.Length;
        double declared = Math.Max(Step, Math.Ceiling(Math.Round(density / Step, 6)) * Step);
        return node with { Layer = (WeightedLayer)node.Layer with { Refinement = density > LargestDensity ? null : new Sparse(Math.Round(declared, 4)) } };
    }
}
