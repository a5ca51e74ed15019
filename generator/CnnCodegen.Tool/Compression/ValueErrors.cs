using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Compression;

/// <summary>How far the values of a changed network are from those of the network it was made from.</summary>
/// <param name="byNode">|changed - original| / |original| in the Euclidean norm over all samples, by node.</param>
/// <param name="outputs">The same over all outputs.</param>
internal sealed class ValueErrors(IReadOnlyDictionary<string, double> byNode, double outputs)
{
    public double Outputs => outputs;

    /// <summary>Null where the node is gone or has another shape.</summary>
    public double? Find(string node) => byNode.TryGetValue(node, out double error) ? error : null;

    public static ValueErrors Of(ImportedNetwork before, ImportedNetwork after, IReadOnlyList<ReadOnlyMemory<float>[]> samples, TargetIsa isa)
    {
        Dictionary<string, int> others = Enumerable.Range(0, after.Model.Nodes.Count).ToDictionary(i => after.Model.Nodes[i].Name, StringComparer.Ordinal);
        (int Before, int After)[] layers = [.. Enumerable.Range(0, before.Model.Nodes.Count).Where(i => before.Model.Nodes[i].Layer is WeightedLayer)
            .Select(i => (i, Counterpart(before.Model.Nodes[i].Name))).Where(pair => pair.Item2 >= 0 && after.Model.Nodes[pair.Item2].Shape == before.Model.Nodes[pair.i].Shape)];
        int[] nodes = [.. layers.Select(l => l.Before), .. before.Model.Outputs], counterparts = [.. layers.Select(l => l.After), .. after.Model.Outputs];
        double[] changes = new double[nodes.Length], norms = new double[nodes.Length];
        using (NodeRunner original = new(before, nodes, isa), changed = new(after, counterparts, isa))
        {
            foreach (ReadOnlyMemory<float>[] sample in samples)
            {
                float[][] x = original.Run(sample), y = changed.Run(sample);
                for (int i = 0; i < nodes.Length; i++)
                {
                    for (int k = 0; k < x[i].Length; k++)
                    {
                        double difference = (double)y[i][k] - x[i][k];
                        changes[i] += difference * difference;
                        norms[i] += (double)x[i][k] * x[i][k];
                    }
                }
            }
        }
        return new ValueErrors(
            layers.Select((layer, i) => (before.Model.Nodes[layer.Before].Name, Error: Relative(changes[i], norms[i]))).ToDictionary(e => e.Name, e => e.Error, StringComparer.Ordinal),
            Relative(changes.Skip(layers.Length).Sum(), norms.Skip(layers.Length).Sum()));

        int Counterpart(string layer) => others.TryGetValue(LowBits.ResultOf(layer), out int result) || others.TryGetValue(layer, out result) ? result : -1;
    }

    private static double Relative(double change, double norm) => change == 0 ? 0 : Math.Sqrt(change / norm);
}
