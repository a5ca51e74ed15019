using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using FoldedNorm = CnnCodegen.Execution.FoldedNorm;

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
            .ToDictionary(pair => pair.Layer, pair => pair.Norm);
        if (norms.Count == 0) return job;

        Dictionary<string, string> origins = new(job.Network.NodeOrigins, StringComparer.Ordinal);
        ImportedNetwork network = LayerReplacement.Apply(job.Network, (nodes, i, inputs) =>
        {
            Node node = model.Nodes[i];
            if (norms.ContainsValue(i)) return inputs[0];
            if (!norms.TryGetValue(i, out int norm)) return null;

            if (origins.Remove(model.Nodes[norm].Name, out string? origin)) origins[node.Name] = origin;
            FoldedNorm folded = Fold(job.Network, model.Nodes[norm]);
            float[] weight = job.Weight(i), bias = job.Network.Weights.TryGetValue(node.Name + ".bias", out (int[], float[] Data) stored) ? stored.Data : new float[folded.Scale.Length];
            nodes.Change(job.WeightName(i), [.. weight.Select((w, at) => (float)(w * folded.Scale[at / (weight.Length / bias.Length)]))]);
            Layer biased = (WeightedLayer)node.Layer with { Bias = true };
            return nodes.Add(node.Name, biased, "bias", [bias.Length], [.. bias.Select((b, k) => (float)((b * folded.Scale[k]) + folded.Shift[k]))], inputs);
        });

        HashSet<string> names = [.. job.Layers.Select(layer => model.Nodes[layer].Name)];
        return job with
        {
            Network = network with { NodeOrigins = origins },
            Layers = [.. Enumerable.Range(0, network.Model.Nodes.Count).Where(i => names.Contains(network.Model.Nodes[i].Name))],
        };
    }

    private static FoldedNorm Fold(ImportedNetwork network, Node norm)
    {
        return FoldedNorm.Of(Values("weight"), Values("bias"), Values("running_mean"), Values("running_var"), ((BatchNorm)norm.Layer).Epsilon);

        float[] Values(string tensor) => network.Weight($"{norm.Name}.{tensor}");
    }
}
