using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Tool.Import.Naming;

/// <summary>Consecutive nodes that a refinement made of one layer.</summary>
/// <param name="Declared">The layer that the class declares.</param>
/// <param name="Last">The node that makes its value.</param>
internal readonly record struct RefinedGroup(Node Declared, int Last)
{
    /// <summary>The group that begins at <paramref name="first"/>; null where none does.</summary>
    public static RefinedGroup? At(EquatableArray<Node> nodes, int first)
    {
        for (int last = first + 1; last < Math.Min(nodes.Count, first + 3); last++)
        {
            if (nodes[last].Layer is not Conv and not Linear || ((WeightedLayer)nodes[last].Layer).Refinement is not { } refinement) continue;
            if (refinement.Steps.Count != last - first) continue;
            int begin = first, end = last;
            bool named = refinement.Steps.Select((step, i) => nodes[begin + i].Name == $"{nodes[end].Name}.{step}").All(same => same);
            bool chained = Enumerable.Range(first + 1, last - first).All(i => nodes[i].Inputs.SequenceEqual([i - 1]));
            if (named && chained) return new RefinedGroup(nodes[last] with { Inputs = nodes[first].Inputs, Layer = LayerOf(nodes, last, refinement) }, last);
        }
        return null;
    }

    /// <summary>The layers that a change of weights may touch: convolution and linear layers that no refinement, or only <c>Sparse</c>, stands behind.</summary>
    public static IEnumerable<int> PlainLayers(EquatableArray<Node> nodes)
    {
        for (int i = 0; i < nodes.Count; i++)
        {
            if (At(nodes, i) is { } group) i = group.Last;
            else if (nodes[i].Layer is WeightedLayer { Refinement: null or { Kind: nameof(Sparse) } }) yield return i;
        }
    }

    /// <summary>The last step is the layer itself, but for the window that a decomposition moves into the step before.</summary>
    private static Layer LayerOf(EquatableArray<Node> nodes, int last, Refinement refinement) => refinement is SparseDecomposed
        ? (Conv)nodes[last].Layer with { Window = ((Conv)nodes[last - 1].Layer).Window }
        : nodes[last].Layer;
}
