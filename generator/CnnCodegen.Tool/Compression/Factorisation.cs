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
        return Replace(job, (node, source) =>
        {
            float[] weights = job.Network.Weight(node.Name + ".weight");
            int[] shape = job.Network.Weights[node.Name + ".weight"].Shape;
            int taps = shape.Skip(2).Aggregate(1, (a, b) => a * b);
            if (node.Layer is Conv { Groups: > 1 } || ParametersOf(words, terms, shape, taps) >= weights.Length) return null;
            LookupDictionary learned = LookupDictionary.Learn(weights, shape[0], shape[1], words, terms);
            WeightedLayer first = node.Layer is Conv conv ? new Conv(words, Window.Square(conv.Window.Rank, 1), Bias: false) : new Linear(words, Bias: false);
            return
            [
                new Step(Generator.Model.Lookup.DictionaryStep, first, [words, shape[1], .. shape.Skip(2).Select(_ => 1)], [.. learned.Words.SelectMany(w => w)]),
                new Step("", Unpinned((WeightedLayer)node.Layer) with { Refinement = new Lookup(words, terms) }, [shape[0], words, .. shape.Skip(2)], learned.Coefficients),
            ];
        });
    }

    /// <summary>The network with <c>SparseDecomposed</c> behind each convolution of several taps; the others stay.</summary>
    public static ImportedNetwork Decompose(CompressionJob job)
    {
        int bases = job.Whole(MethodCatalog.Bases);
        double density = job[MethodCatalog.Density];
        if (density is not (> 0 and <= 1)) throw new Commands.CommandException(FormattableString.Invariant($"--density {density}: it must be above 0 and at most 1"));
        return Replace(job, (node, source) =>
        {
            int[] shape = job.Network.Weights[node.Name + ".weight"].Shape;
            int channels = shape[1], taps = shape.Skip(2).Aggregate(1, (a, b) => a * b);
            double parameters = ((double)channels * (channels + ((double)bases * taps))) + (density * shape[0] * channels * bases);
            if (node.Layer is not Conv { Groups: 1 } conv || bases > taps || parameters >= (double)shape[0] * channels * taps) return null;
            SparseFactors split = SparseDecomposition.Decompose(job.Network.Weight(node.Name + ".weight"), shape[0], channels, bases).ToDensity(density);
            Conv pointwise = new(channels, Window.Square(conv.Window.Rank, 1), Bias: false);
            int[] pixel = [.. shape.Skip(2).Select(_ => 1)];
            return
            [
                new Step(Generator.Model.SparseDecomposed.ChannelStep, pointwise, [channels, channels, .. pixel], split.ChannelBasis),
                new Step(Generator.Model.SparseDecomposed.SpatialStep, new Conv(channels * bases, conv.Window, channels, Bias: false), [channels * bases, 1, .. shape.Skip(2)], split.SpatialBases),
                new Step("", pointwise with { OutChannels = shape[0], Bias = conv.Bias, Refinement = new SparseDecomposed(bases, density) }, [shape[0], channels * bases, .. pixel], split.Coefficients),
            ];
        });
    }

    /// <summary>An algorithm that was asked for the dense layer is none for the sparse one.</summary>
    private static WeightedLayer Unpinned(WeightedLayer layer) => layer is Conv conv ? conv with { Algorithm = Generator.Model.ConvAlgorithm.Auto } : layer;

    private static long ParametersOf(int words, int terms, int[] shape, int taps) => ((long)words * shape[1]) + ((long)shape[0] * taps * terms);

    /// <summary>One node in place of a layer; the last one, without a name of its own, keeps the layer's and its bias.</summary>
    private sealed record Step(string Name, WeightedLayer Layer, int[] Shape, float[] Weights);

    private static ImportedNetwork Replace(CompressionJob job, Func<Node, TensorShape, Step[]?> steps)
    {
        NetworkBuilder builder = new();
        Dictionary<string, (int[] Shape, float[] Data)> weights = new(job.Network.Weights, StringComparer.Ordinal);
        int[] places = new int[job.Model.Nodes.Count];
        for (int i = 0; i < places.Length; i++)
        {
            Node node = job.Model.Nodes[i];
            int[] inputs = [.. node.Inputs.Select(input => places[input])];
            if (!job.Layers.Contains(i) || steps(node, builder.Shape(inputs[0])) is not { } replacement)
            {
                places[i] = builder.Add(node.Name, node.Layer, inputs);
                continue;
            }
            foreach (Step step in replacement)
            {
                string name = step.Name.Length == 0 ? node.Name : $"{node.Name}.{step.Name}";
                places[i] = builder.Add(name, step.Layer, inputs);
                weights[name + ".weight"] = (step.Shape, step.Weights);
                inputs = [places[i]];
            }
        }
        NetworkModel model = builder.Build(job.Model.Type, [.. job.Model.Outputs.Select(o => places[o])]) with { Accuracy = job.Model.Accuracy };
        return job.Network with { Model = model, Weights = weights };
    }
}
