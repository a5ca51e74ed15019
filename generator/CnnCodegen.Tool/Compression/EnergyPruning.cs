using CnnCodegen.Compression;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Verification;

namespace CnnCodegen.Tool.Compression;

/// <summary>Prunes layer by layer in the order of their energy, each filter fitted to the outputs that the layer had.</summary>
internal static class EnergyPruning
{
    /// <summary>Output pixels that are looked at, over all samples.</summary>
    private const int MostRows = 500;

    /// <summary>Inputs of a filter whose outputs are fitted; larger filters are pruned by magnitude.</summary>
    private const int MostInputs = 2500;

    /// <summary>The part of the kept weights that magnitude alone chooses.</summary>
    private const double FirstCut = 0.7;

    public static ImportedNetwork Prune(CompressionJob job)
    {
        double density = job[MethodCatalog.Density];
        if (density is not (>= 0 and <= 1)) throw new CommandException(FormattableString.Invariant($"--density {density}: it must be from 0 to 1"));
        Dictionary<string, (int[] Shape, float[] Data)> weights = new(job.Network.Weights, StringComparer.Ordinal);
        foreach (int layer in new EnergyCosts().Order([.. job.Layers.Select(l => Work(job, l))]).Select(i => job.Layers[i]))
        {
            int[] shape = job.WeightShape(layer);
            int length = job.Weight(layer).Length / shape[0];
            bool fits = length <= MostInputs && job.Model.Nodes[layer].Layer is Linear or Conv { Groups: 1, Window.Rank: 2 };
            float[] pruned = fits ? Fitted(job, job.Network with { Weights = weights }, layer, length, density) : MagnitudePruning.ToDensity(job.Weight(layer), density);
            weights[job.WeightName(layer)] = (shape, pruned);
        }
        return job.Network with { Weights = weights };
    }

    /// <summary>Each operand comes from the first cache, each float of weights and values once from memory.</summary>
    private static LayerWork Work(CompressionJob job, int layer)
    {
        Node node = job.Model.Nodes[layer];
        long weights = job.Weight(layer).LongCount(w => w != 0), macs = weights * (node.Shape.Elements / node.Shape[1]);
        long floats = weights + job.Model.Nodes[node.Inputs[0]].Shape.Elements + node.Shape.Elements;
        return new LayerWork(macs, 2.0 * sizeof(float) * macs, 0, 0, (double)sizeof(float) * floats);
    }

    /// <summary>The filters pruned with what the layer reads in the network as it is pruned so far.</summary>
    private static float[] Fitted(CompressionJob job, ImportedNetwork network, int layer, int length, double density)
    {
        Node node = job.Model.Nodes[layer];
        int source = node.Inputs[0];
        TensorShape shape = job.Model.Nodes[source].Shape;
        List<float[]> values = [];
        using (SampleValues onSamples = new(network, [source], job.Samples, job.Isa)) onSamples.Visit((_, value) => values.Add(value));
        int pixels = (int)(node.Shape.Elements / node.Shape[1]), all = values.Count * pixels, rows = Math.Min(all, MostRows);
        float[] x = new float[rows * length];
        for (int row = 0; row < rows; row++)
        {
            int at = (int)((long)row * all / rows);
            Span<float> inputs = x.AsSpan(row * length, length);
            if (node.Layer is Conv conv) Patch(values[at / pixels], shape, conv.Window, node.Shape, at % pixels, inputs);
            else values[at / pixels].AsSpan(at % pixels * length, length).CopyTo(inputs);
        }
        return EnergyAwarePruning.Prune(job.Weight(layer), node.Shape[1], new FilterFit(x, length), density, FirstCut * density);
    }

    /// <summary>What a filter reads for one output pixel: input channels x taps.</summary>
    private static void Patch(float[] values, TensorShape x, Window window, TensorShape y, int pixel, Span<float> patch)
    {
        (int image, int row, int column) = (pixel / (y[2] * y[3]), pixel / y[3] % y[2], pixel % y[3]);
        for (int i = 0; i < patch.Length; i++)
        {
            int v = i % window.Kernel[1], u = i / window.Kernel[1] % window.Kernel[0], c = i / (window.Kernel[0] * window.Kernel[1]);
            int h = (row * window.Strides[0]) + (u * window.Dilations[0]) - window.PadsBegin[0], w = (column * window.Strides[1]) + (v * window.Dilations[1]) - window.PadsBegin[1];
            if (h >= 0 && h < x[2] && w >= 0 && w < x[3]) patch[i] = values[(((((image * x[1]) + c) * x[2]) + h) * x[3]) + w];
        }
    }
}
