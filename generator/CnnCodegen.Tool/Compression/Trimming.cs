using CnnCodegen.Compression;
using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Compression.Channels;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Compression;

/// <summary>Methods that make whole filters zero, which are then removed through the network.</summary>
internal static class Trimming
{
    /// <summary>Pixels of activations that a fit of neurons takes from all samples together.</summary>
    private const int MostRows = 2000;

    /// <summary>Filters, then input channels, then taps of a channel in all filters, of small weights.</summary>
    public static ImportedNetwork Structured(CompressionJob job)
    {
        double threshold = job[MethodCatalog.Threshold];
        return ChannelRemoval.Apply(job.WithWeights([.. job.Layers.Select(layer =>
        {
            int[] shape = job.WeightShape(layer);
            float[] filters = StructuredSparsity.Filters(job.Weight(layer), shape[0], threshold);
            float[] channels = StructuredSparsity.Channels(filters, shape[0], shape[1], threshold);
            return job.Model.Nodes[layer].Layer is Conv { Groups: 1 } ? StructuredSparsity.Shapes(channels, shape[0], threshold) : channels;
        })]));
    }

    /// <summary>Filters that a rectifier mostly shuts off on the samples.</summary>
    public static ImportedNetwork Idle(CompressionJob job)
    {
        ILookup<int, int> readers = NeuronChain.Readers(job.Model);
        (int Layer, int? Norm, int Rectifier)[] rectified = [.. job.Layers.Where(l => ChannelFlow.MixesChannels(job.Model.Nodes[l].Layer)).Select(Rectified).OfType<(int, int?, int)>()];
        if (rectified.Length == 0) throw new CommandException($"{job.Model.Type.Name} has no layer with a Relu behind it");
        float[][][] values = Values(job.Network, [.. rectified.Select(r => r.Rectifier)], job);
        Dictionary<string, (int[] Shape, float[] Data)> weights = new(job.Network.Weights, StringComparer.Ordinal);
        for (int i = 0; i < rectified.Length; i++)
        {
            Node node = job.Model.Nodes[rectified[i].Layer];
            ActivationZeros zeros = new(node.Shape[1]);
            foreach (float[][] sample in values) zeros.Add(sample[i], node.Shape[0]);
            int[] idle = [.. Enumerable.Range(0, node.Shape[1]).Except(ActivationZeros.KeepByDeviation(zeros.Shares, job[MethodCatalog.Deviations]))];
            Clear(node.Name, ["weight", "bias"], idle);
            if (rectified[i].Norm is { } norm) Clear(job.Model.Nodes[norm].Name, ["weight", "bias", "running_mean"], idle);
        }
        return ChannelRemoval.Apply(job.Network with { Weights = weights });

        (int, int?, int)? Rectified(int layer)
        {
            int? next = Next(layer), norm = next is { } n && job.Model.Nodes[n].Layer is BatchNorm ? next : null;
            if (norm is { } between) next = Next(between);
            return next is { } rectifier && job.Model.Nodes[rectifier].Layer is Activation { Function: ActivationKind.Relu or ActivationKind.Relu6 } ? (layer, norm, rectifier) : null;
        }

        int? Next(int node) => readers[node].Count() == 1 && !job.Model.Outputs.Contains(node) ? readers[node].Single() : null;

        void Clear(string node, string[] tensors, int[] filters)
        {
            foreach (string name in tensors.Select(t => $"{node}.{t}").Where(weights.ContainsKey))
            {
                (int[] shape, float[] data) = weights[name];
                float[] cleared = [.. data];
                foreach (int filter in filters) cleared.AsSpan(filter * (data.Length / shape[0]), data.Length / shape[0]).Clear();
                weights[name] = (shape, cleared);
            }
        }
    }

    /// <summary>Neurons that are nearly multiples of others, without data; batch norms become a part of them first.</summary>
    public static ImportedNetwork Merge(CompressionJob job)
    {
        job = NormFolding.Apply(job);
        ImportedNetwork network = job.Network;
        NeuronChain[] chains = [.. Chains(job).Where(c => c.Activations is not null)];
        if (chains.Length == 0) throw new CommandException($"{job.Model.Type.Name} has no layer to merge neurons of: between it and the one layer that reads it, only a batch norm, activations and pooling without counted padding may lie");
        foreach (NeuronChain chain in chains)
        {
            HiddenLayer layer = chain.Read(network);
            bool pads = job.Model.Nodes[chain.Consumer].Layer is Conv { Window: var window } && window.PadsBegin.Concat(window.PadsEnd).Any(p => p != 0);
            NeuronMerging.Result merged = NeuronMerging.Merge(layer, layer.Neurons - Kept(job, layer.Neurons), activation: Function(chain.Activations!), nextPads: pads);
            network = chain.Write(network, merged.Layer, merged.Kept);
        }
        return ChannelRemoval.Apply(network);
    }

    /// <summary>Neurons that add little diversity on the samples; the others take over what the next layer gets from them.</summary>
    public static ImportedNetwork Fuse(CompressionJob job)
    {
        ImportedNetwork network = job.Network;
        foreach (NeuronChain chain in Chains(job))
        {
            float[] activations = Activations(Values(network, [chain.Value], job), network.Model.Nodes[chain.Value].Shape);
            HiddenLayer layer = chain.Read(network);
            double[,] kernel = DivNet.Kernel(activations, layer.Neurons);
            int count = Kept(job, layer.Neurons);
            int[] kept = job.Options.ContainsKey(MethodCatalog.Seed) ? DivNet.Sample(kernel, count, job.Whole(MethodCatalog.Seed)) : DivNet.Greedy(kernel, count);
            network = chain.Write(network, DivNet.Fuse(layer, activations, kept), kept);
        }
        return ChannelRemoval.Apply(network);
    }

    private static NeuronChain[] Chains(CompressionJob job) => NeuronChain.Of(job).ToArray() is { Length: > 0 } chains
        ? chains
        : throw new CommandException($"{job.Model.Type.Name} has no two layers of which the second alone reads the first");

    private static int Kept(CompressionJob job, int count)
    {
        double density = job[MethodCatalog.Density];
        return density is >= 0 and <= 1 ? Math.Max(1, (int)Math.Ceiling(density * count)) : throw new CommandException(FormattableString.Invariant($"--density {density}: it must be from 0 to 1"));
    }

    /// <summary>The values of nodes for each sample.</summary>
    private static float[][][] Values(ImportedNetwork network, int[] nodes, CompressionJob job)
    {
        using NodeRunner runner = new(network, nodes, job.Isa);
        return [.. job.Samples.Select(sample => runner.Run(sample))];
    }

    /// <summary>What the activations between two layers make of a value; null for a rectifier alone.</summary>
    private static Func<double, double>? Function(IReadOnlyList<Activation> activations)
    {
        if (activations is [{ Function: ActivationKind.Relu }]) return null;
        ReferenceLayer reference = new("", (_, _) => throw new InvalidOperationException("activations have no weights"));
        return x => activations.Aggregate(new ReferenceTensor([1], [x]), (value, activation) => reference.Apply(activation, [value])).Data[0];
    }

    /// <summary>Pixels x channels, evenly spread over the samples.</summary>
    private static float[] Activations(float[][][] samples, TensorShape shape)
    {
        int channels = shape[1], pixels = (int)(shape.Elements / (shape[0] * channels)), all = samples.Length * shape[0] * pixels, rows = Math.Min(all, MostRows);
        float[] activations = new float[rows * channels];
        for (int i = 0; i < activations.Length; i++)
        {
            long at = (long)(i / channels) * all / rows, image = at / pixels;
            activations[i] = samples[image / shape[0]][0][((((image % shape[0]) * channels) + (i % channels)) * pixels) + (at % pixels)];
        }
        return activations;
    }
}
