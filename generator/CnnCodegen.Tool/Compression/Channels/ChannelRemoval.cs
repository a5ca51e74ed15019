using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression.Channels;

/// <summary>
/// Removes the channels that nothing needs from all layers they go through: filters of zeros, whose constant results go into the biases
/// behind them, and filters that only weights of zero read (Wen et al. 2016, "Learning Structured Sparsity in Deep Neural Networks").
/// What the network computes stays the same but for rounding.
/// </summary>
internal static class ChannelRemoval
{
    /// <summary>The network with fewer layers and channels. Removing a channel may free others, so it is repeated until nothing is left to remove.</summary>
    public static ImportedNetwork Apply(ImportedNetwork network)
    {
        network = BranchRemoval.Apply(network);
        while (true)
        {
            ChannelFlow flow = new(network);
            if (Enumerable.Range(0, network.Model.Nodes.Count).All(i => flow.Kept(i).All(kept => kept))) return network;
            network = Rebuild(network, flow);
        }
    }

    private static ImportedNetwork Rebuild(ImportedNetwork network, ChannelFlow flow)
    {
        NetworkBuilder builder = new();
        Dictionary<string, (int[] Shape, float[] Data)> weights = new(network.Weights, StringComparer.Ordinal);
        for (int i = 0; i < network.Model.Nodes.Count; i++)
        {
            Node node = network.Model.Nodes[i];
            bool[] kept = flow.Kept(i);
            int count = kept.Count(k => k);
            bool folds = ChannelFlow.MixesChannels(node.Layer) && SliceInputs(node, flow, weights);
            SliceOutputs(node, kept, weights);
            builder.Add(node.Name, Resize(node, count, folds), [.. node.Inputs]);
        }
        NetworkModel model = builder.Build(network.Model.Type, [.. network.Model.Outputs]) with { Accuracy = network.Model.Accuracy };
        return network with { Model = model, Weights = weights };
    }

    private static Layer Resize(Node node, int channels, bool bias) => node.Layer switch
    {
        Conv { Groups: 1 } conv => conv with { OutChannels = channels, Bias = conv.Bias || bias },
        Conv conv when conv.OutChannels == conv.Groups => conv with { OutChannels = channels, Groups = channels },
        Linear linear => linear with { OutFeatures = channels, Bias = linear.Bias || bias },
        Reshape { Dims.Count: 2 } reshape when channels != node.Shape[1] => new Reshape(reshape.Dims.With(1, channels)),
        Layer layer => layer,
    };

    /// <summary>Removes the weights of removed input channels, after their constants went into the bias; says whether any was not zero.</summary>
    private static bool SliceInputs(Node node, ChannelFlow flow, Dictionary<string, (int[] Shape, float[] Data)> tensors)
    {
        int source = node.Inputs[0];
        bool[] kept = flow.Flat(node, flow.Kept(source));
        if (kept.All(k => k)) return false;
        double?[] constants = flow.Flat(node, flow.Constants(source));
        string name = node.Name + ".weight", biasName = node.Name + ".bias";
        (int[] shape, float[] weights) = tensors[name];
        int filters = node.Shape[1], taps = ChannelFlow.Taps(node, kept.Length, weights);
        float[] bias = tensors.TryGetValue(biasName, out (int[] Shape, float[] Data) given) ? [.. given.Data] : new float[filters];
        bool folds = false;
        List<float> left = new(weights.Length);
        for (int filter = 0; filter < filters; filter++)
        {
            double folded = 0;
            for (int c = 0; c < kept.Length; c++)
            {
                ReadOnlySpan<float> columns = weights.AsSpan(((filter * kept.Length) + c) * taps, taps);
                if (kept[c]) left.AddRange(columns);
                else foreach (float weight in columns) folded += weight == 0 ? 0 : weight * constants[c]!.Value;
            }
            folds |= folded != 0;
            bias[filter] = (float)(bias[filter] + folded);
        }
        tensors[name] = ([filters, kept.Count(k => k), .. shape.Skip(2)], [.. left]);
        if (folds) tensors[biasName] = ([filters], bias);
        return folds;
    }

    private static void SliceOutputs(Node node, bool[] kept, Dictionary<string, (int[] Shape, float[] Data)> tensors)
    {
        if (kept.All(k => k)) return;
        foreach (string name in tensors.Keys.Where(name => Owns(node, name)).ToArray())
        {
            (int[] shape, float[] data) = tensors[name];
            if (shape.Length == 0 || shape[0] != kept.Length) continue;
            int length = data.Length / kept.Length;
            tensors[name] = ([kept.Count(k => k), .. shape.Skip(1)], [.. Enumerable.Range(0, kept.Length).Where(k => kept[k]).SelectMany(k => data.AsSpan(k * length, length).ToArray())]);
        }
    }

    /// <summary>Tensors are called after their node, without another dot.</summary>
    private static bool Owns(Node node, string tensor) => tensor.StartsWith(node.Name + ".", StringComparison.Ordinal) && !tensor.AsSpan(node.Name.Length + 1).Contains('.');
}
