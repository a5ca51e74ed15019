using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Import.Naming;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Compression;

/// <summary>Says in the network how many of each layer's weights are not zero.</summary>
internal static class SparsityNotes
{
    /// <summary>A layer with more weights than this has nothing to gain from being sparse.</summary>
    private const double LargestDensity = 0.9;

    /// <summary>Filters that leave out more of the places that any of them uses gain more from being sparse each for itself.</summary>
    private const double LeastFilling = 0.7;

    private const double Step = 1e-4;

    /// <summary>The network with <c>Sparse</c> behind every layer that has many zeros, shared where filters have them in the same places; other refinements stay.</summary>
    public static ImportedNetwork Add(ImportedNetwork network)
    {
        Node[] nodes = [.. network.Model.Nodes];
        foreach (int layer in RefinedGroup.PlainLayers(network.Model.Nodes)) nodes[layer] = Note(nodes[layer], network.Weight(nodes[layer].Name + ".weight"));
        return network with { Model = network.Model with { Nodes = new EquatableArray<Node>(nodes) } };
    }

    private static Node Note(Node node, float[] weights)
    {
        WeightedLayer layer = (WeightedLayer)node.Layer;
        double density = (double)weights.Count(w => w != 0) / weights.Length;
        double places = layer is Conv { Groups: 1 } ? (double)SharedPlaces.Of(weights, node.Shape[1]).Length * node.Shape[1] / weights.Length : 1;
        bool shared = places <= LargestDensity && density >= LeastFilling * places;
        double declared = Math.Max(Step, Math.Ceiling(Math.Round((shared ? places : density) / Step, 6)) * Step);
        Sparse note = new(Math.Round(declared, 4)) { Shared = shared, Unroll = layer.Refinement is Sparse { Unroll: true } && !shared };
        return node with { Layer = layer with { Refinement = density > LargestDensity ? null : note } };
    }
}
