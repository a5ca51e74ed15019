using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression;

/// <summary>Says in the network how many of each layer's weights are not zero.</summary>
internal static class SparsityNotes
{
    /// <summary>A layer with more weights than this has nothing to gain from being sparse.</summary>
    private const double LargestDensity = 0.9;

    private const double Step = 1e-4;

    /// <summary>The network with <c>Sparse</c> behind every layer that has many zeros; other refinements stay.</summary>
    public static ImportedNetwork Add(ImportedNetwork network) => network with
    {
        Model = network.Model with { Nodes = network.Model.Nodes.Select(node => Note(node, network)).ToEquatableArray() },
    };

    private static Node Note(Node node, ImportedNetwork network)
    {
        if (node.Layer is not WeightedLayer { Refinement: null or Sparse } layer) return node;
        float[] weights = network.Weight(node.Name + ".weight");
        double density = (double)weights.Count(w => w != 0) / weights.Length;
        double declared = Math.Max(Step, Math.Ceiling(Math.Round(density / Step, 6)) * Step);
        return node with { Layer = layer with { Refinement = density > LargestDensity ? null : new Sparse(Math.Round(declared, 4)) } };
    }
}
