using CnnCodegen.Compression;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression;

/// <summary>Methods that make several layers of one: the network as the attribute reader makes it of the refinement.</summary>
internal static class Factorisation
{
    /// <summary>The network with <c>Lookup</c> behind each layer that sees all of more than a few input channels; the others stay.</summary>
    public static ImportedNetwork Lookup(CompressionJob job)
    {
        int words = job.Whole(MethodCatalog.Dictionary), terms = job.Whole(MethodCatalog.Terms);
        if (terms > words) throw new Commands.CommandException($"--terms {terms}: at most --dictionary, which is {words}, is possible");
        return LayerReplacement.Apply(job, (nodes, layer, inputs) =>
        {
            Node node = job.Model.Nodes[layer];
            float[] weights = job.Weight(layer);
            int[] shape = job.WeightShape(layer);
            int taps = shape.Skip(2).Aggregate(1, (a, b) => a * b);
            if (node.Layer is Conv { Groups: > 1 } || ParametersOf(words, terms, shape, taps) >= weights.Length) return null;
            LookupDictionary learned = LookupDictionary.Learn(weights, shape[0], shape[1], words, terms);
            WeightedLayer first = node.Layer is Conv conv ? new Conv(words, Window.Square(conv.Window.Rank, 1), Bias: false) : new Linear(words, Bias: false);
            int sums = nodes.Add(Step(node, Generator.Model.Lookup.DictionaryStep), first, "weight", [words, shape[1], .. shape.Skip(2).Select(_ => 1)], [.. learned.Words.SelectMany(w => w)], inputs);
            return nodes.Add(node.Name, Unpinned((WeightedLayer)node.Layer) with { Refinement = new Lookup(words, terms) }, "weight", [shape[0], words, .. shape.Skip(2)], learned.Coefficients, sums);
        });
    }

    /// <summary>The network with <c>SparseDecomposed</c> behind each convolution of several taps; the others stay.</summary>
    public static ImportedNetwork Decompose(CompressionJob job)
    {
        int bases = job.Whole(MethodCatalog.Bases);
        double density = job[MethodCatalog.Density];
        if (density is not (> 0 and <= 1)) throw new Commands.CommandException(FormattableString.Invariant($"--density {density}: it must be above 0 and at most 1"));
        return LayerReplacement.Apply(job, (nodes, layer, inputs) =>
        {
            Node node = job.Model.Nodes[layer];
            int[] shape = job.WeightShape(layer);
            int channels = shape[1], taps = shape.Skip(2).Aggregate(1, (a, b) => a * b);
            double parameters = ((double)channels * (channels + ((double)bases * taps))) + (density * shape[0] * channels * bases);
            if (node.Layer is not Conv { Groups: 1 } conv || bases > taps || parameters >= (double)shape[0] * channels * taps) return null;
            SparseFactors split = SparseDecomposition.Decompose(job.Weight(layer), shape[0], channels, bases).ToDensity(density);
            Conv pointwise = new(channels, Window.Square(conv.Window.Rank, 1), Bias: false);
            int[] pixel = [.. shape.Skip(2).Select(_ => 1)];
            int mixed = nodes.Add(Step(node, Generator.Model.SparseDecomposed.ChannelStep), pointwise, "weight", [channels, channels, .. pixel], split.ChannelBasis, inputs);
            int filtered = nodes.Add(Step(node, Generator.Model.SparseDecomposed.SpatialStep), new Conv(channels * bases, conv.Window, channels, Bias: false), "weight", [channels * bases, 1, .. shape.Skip(2)], split.SpatialBases, mixed);
            WeightedLayer sparse = pointwise with { OutChannels = shape[0], Bias = conv.Bias, Refinement = new SparseDecomposed(bases, density) };
            return nodes.Add(node.Name, sparse, "weight", [shape[0], channels * bases, .. pixel], split.Coefficients, filtered);
        });
    }

    private static string Step(Node layer, string step) => $"{layer.Name}.{step}";

    /// <summary>An algorithm that was asked for the dense layer is none for the sparse one.</summary>
    private static WeightedLayer Unpinned(WeightedLayer layer) => layer with { Algorithm = Generator.Model.ConvAlgorithm.Auto };

    private static long ParametersOf(int words, int terms, int[] shape, int taps) => ((long)words * shape[1]) + ((long)shape[0] * taps * terms);
}
