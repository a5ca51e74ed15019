using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Compression;

/// <summary>A layer before or after it was compressed, or all of them.</summary>
/// <param name="Weights">Number of weights that are not zero, biases left out.</param>
/// <param name="Bytes">What its tensors take in the weight file.</param>
/// <param name="Macs">Multiply-accumulates of one run with weights that are not zero.</param>
/// <param name="Microseconds">Measured time; 0 where none was measured.</param>
internal readonly record struct LayerFigures(long Weights, long Bytes, long Macs, double Microseconds)
{
    public static LayerFigures operator +(LayerFigures a, LayerFigures b) =>
        new(a.Weights + b.Weights, a.Bytes + b.Bytes, a.Macs + b.Macs, a.Microseconds + b.Microseconds);

    /// <summary>
    /// The figures of each convolution and linear layer, by name. The steps into which a refinement splits a layer count as that layer.
    /// </summary>
    /// <param name="network">The network.</param>
    /// <param name="layers">Names of the layers.</param>
    /// <param name="stored">Its tensors in the file, by the name of the tensor they stand for.</param>
    /// <param name="microseconds">Measured time of a step, by name.</param>
    public static IReadOnlyDictionary<string, LayerFigures> Of(
        ImportedNetwork network, IReadOnlyList<string> layers, IReadOnlyDictionary<string, StoredTensor[]> stored, IReadOnlyDictionary<string, double> microseconds)
    {
        Dictionary<string, LayerFigures> figures = layers.ToDictionary(name => name, _ => default(LayerFigures), StringComparer.Ordinal);
        foreach (Node node in network.Model.Nodes)
        {
            string? layer = figures.ContainsKey(node.Name) ? node.Name : layers.FirstOrDefault(name => node.Name.StartsWith(name + ".", StringComparison.Ordinal));
            if (layer is null) continue;
            if (node.Layer is not WeightedLayer)
            {
                figures[layer] += new LayerFigures(0, 0, 0, microseconds.GetValueOrDefault(node.Name));
                continue;
            }

            long weights = network.Weight(node.Name + ".weight").LongCount(w => w != 0);
            long bytes = CompactWeights.Bytes(network.Model.WeightTensors().Where(t => t.Node == node).SelectMany(t => stored[t.Name]));
            figures[layer] += new LayerFigures(weights, bytes, weights * Uses(node), microseconds.GetValueOrDefault(node.Name));
        }
        return figures;
    }

    /// <summary>How often a run multiplies with each weight: once for every output pixel, borders included.</summary>
    private static long Uses(Node node) => node.Shape.Elements / node.Shape[1];
}
