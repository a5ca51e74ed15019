using CnnCodegen.Compression;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Compression.Channels;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Verification;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CnnCodegen.Tool.Compression;

/// <summary>Methods that make whole filters zero, which are then removed through the network.</summary>
internal static class Trimming
{
    /// <summary>Pixels of activations that a fit of neurons takes from all samples together.</summary>
    private const int MostRows = 2000;

    /// <summary>Filters, then input channels, of small weights.</summary>
    public static ImportedNetwork Structured(CompressionJob job)
    {
        double threshold = job[MethodCatalog.Threshold];
        return ChannelRemoval.Apply(job.WithWeights([.. job.Layers.Select(layer =>
        {
            int[] shape = job.WeightShape(layer);
            float[] filters = StructuredSparsity.Filters(job.Weight(layer), shape[0], threshold);
            return StructuredSparsity.Channels(filters, shape[0], shape[1], threshold);
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
            int channels = node.Shape[1], pixels = (int)(node.Shape.Elements / (node.Shape[0] * channels));
            int[] idle = ChannelActivity.Idle(ChannelActivity.ShareOfZeros(values.Select(v => v[i]), channels, pixels), job[MethodCatalog.Deviations]);
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

    /// <summary>Neurons that are nearly multiples of others, without data.</summary>
    public static ImportedNetwork Merge(CompressionJob job)
    {
        ImportedNetwork network = job.Network;
        foreach (NeuronChain chain in Chains(job).Where(c => c.IsHomogeneous))
        {
            Neurons neurons = chain.Read(network);
            network = chain.Write(network, NeuronMerging.Merge(neurons, neurons.Count - Kept(job, neurons.Count)));
        }
        return ChannelRemoval.Apply(network);
    }

    /// <summary>Neurons that add little diversity on the samples; the others take over what the next layer gets from them.</summary>
    public static ImportedNetwork Fuse(CompressionJob job)
    {
        ImportedNetwork network = job.Network;
        foreach (NeuronChain chain in Chains(job))
        {
            Matrix<double> activations = Activations(Values(network, [chain.Value], job), network.Model.Nodes[chain.Value].Shape);
            Neurons neurons = chain.Read(network);
            int[] kept = DeterminantalProcess.Greedy(DivNet.Kernel(activations), Kept(job, neurons.Count));
            network = chain.Write(network, DivNet.Fuse(neurons, activations, kept));
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

    /// <summary>Pixels x channels, evenly spread over the samples.</summary>
    private static Matrix<double> Activations(float[][][] samples, TensorShape shape)
    {
        int channels = shape[1], pixels = (int)(shape.Elements / (shape[0] * channels)), all = samples.Length * shape[0] * pixels, rows = Math.Min(all, MostRows);
        return DenseMatrix.Create(rows, channels, (row, c) =>
        {
            long at = (long)row * all / rows;
            (long image, long pixel) = (at / pixels, at % pixels);
            return samples[image / shape[0]][0][(((image % shape[0] * channels) + c) * pixels) + pixel];
        });
    }
}
