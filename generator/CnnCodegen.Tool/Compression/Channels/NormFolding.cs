using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression.Channels;

/// <summary>Batch norms as a part of the weights and biases of the layers in front of them: y = w x * scale + (b * scale + shift).</summary>
internal static class NormFolding
{
    /// <summary>The same job on the network without the norms that alone read one of the job's layers.</summary>
    public static CompressionJob Apply(CompressionJob job)
    {
        NetworkModel model = job.Model;
        ILookup<int, int> readers = NeuronChain.Readers(model);
        Dictionary<int, int> norms = job.Layers
            .Where(layer => ChannelFlow.MixesChannels(model.Nodes[layer].Layer) && !model.Outputs.Contains(layer) && readers[layer].Count() == 1)
            .Select(layer => (Layer: layer, Norm: readers[layer].Single()))
            .Where(pair => model.Nodes[pair.Norm].Layer is BatchNorm)
            .ToDictionary(pair => pair.Norm, pair => pair.Layer);
        if (norms.Count == 0) return job;

        Dictionary<string, string> origins = new(job.Network.NodeOrigins, StringComparer.Ordinal);
        ImportedNetwork folded = LayerReplacement.Apply(job.Network, (nodes, i, inputs) =>
        {
            Node node = model.Nodes[i];
            if (norms.ContainsKey(i)) return inputs[0];
            if (norms.FirstOrDefault(pair => pair.Value == i) is not { Key: > 0 and var norm }) return null;

            if (origins.Remove(model.Nodes[norm].Name, out string? origin)) origins[node.Name] = origin;
            (double[] scale, double[] shift) = Affine(job.Network, model.Nodes[norm]);
            float[] weight = job.Weight(i), bias = job.Network.Weights.TryGetValue(node.Name + ".bias", out (int[], float[] Data) stored) ? stored.Data : new float[scale.Length];
            nodes.Change(job.WeightName(i), [.. weight.Select((w, at) => (float)(w * scale[at / (weight.Length / scale.Length)]))]);
            Layer biased = node.Layer is Conv conv ? conv with { Bias = true } : (Linear)node.Layer with { Bias = true };
            return nodes.Add(node.Name, biased, "bias", [bias.Length], [.. bias.Select((b, k) => (float)((b * scale[k]) + shift[k]))], inputs);
        });

        HashSet<string> names = [.. job.Layers.Select(layer => model.Nodes[layer].Name)];
        return job with
        {
            Network = folded with { NodeOrigins = origins },
            Layers = [.. Enumerable.Range(0, folded.Model.Nodes.Count).Where(i => names.Contains(folded.Model.Nodes[i].Name))],
        };
    }

    private static (double[] Scale, double[] Shift) Affine(ImportedNetwork network, Node norm)
    {
        double epsilon = ((BatchNorm)norm.Layer).Epsilon;
        float[] values(string tensor) => network.Weight($"{norm.Name}.{tensor}");
        (float[] weight, float[] bias, float[] mean, float[] variance) = (values("weight"), values("bias"), values("running_mean"), values("running_var"));
        double[] scale = [.. weight.Select((w, k) => w / Math.Sqrt(variance[k] + epsilon))];
        return (scale, [.. bias.Select((b, k) => b - (mean[k] * scale[k]))]);
    }
}
