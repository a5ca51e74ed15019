using CnnCodegen.Generator.Model;
using CnnCodegen.Reference;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Import.Naming;
using CnnCodegen.Tool.Verification;
using Linear = CnnCodegen.Generator.Model.Linear;

namespace CnnCodegen.Tool.Compression.Channels;

/// <summary>
/// Where the channels of each value of a network come from, which of them are constant, and which of them nothing needs: no output, no layer
/// that mixes channels in its own way, and no weights other than zeros, or other than can be folded into a bias exactly.
/// </summary>
internal sealed class ChannelFlow
{
    private readonly NetworkModel _model;
    private readonly ImportedNetwork _network;
    private readonly ReferenceNetwork _reference;
    private readonly ChannelSets _sets = new();
    private readonly int[][] _channels;
    private readonly double?[][] _constants;

    public ChannelFlow(ImportedNetwork network)
    {
        (_network, _model, _reference) = (network, network.Model, new ReferenceNetwork(network.Model, name => network.Weight(name)));
        _channels = new int[_model.Nodes.Count][];
        _constants = new double?[_model.Nodes.Count][];
        for (int i = 0; i < _channels.Length; i++) Follow(i);
        KeepWhatRefinementsCount();
        foreach (int output in _model.Outputs) KeepAll(output);
        for (int i = 0; i < _channels.Length; i++) KeepNeeded(i);
        foreach (int[] channels in _channels)
            if (channels.Length > 0 && channels.All(c => !_sets.IsKept(c))) _sets.Keep(channels[0]);
    }

    /// <summary>Whether each index along dimension 1 of a node's value is needed.</summary>
    public bool[] Kept(int node) => Array.ConvertAll(_channels[node], _sets.IsKept);

    /// <summary>The constant that each index along dimension 1 of a node's value is everywhere; null where it is none.</summary>
    public IReadOnlyList<double?> Constants(int node) => _constants[node];

    /// <summary>Whether a layer's weights have an axis of all its input channels.</summary>
    public static bool MixesChannels(Layer layer) => layer is Linear or Conv { Groups: 1 };

    /// <summary>Weights of one filter for one index along dimension 1 of its input.</summary>
    public static int Taps(Node node, int inputs, float[] weights) => weights.Length / (node.Shape[1] * inputs);

    private void Follow(int i)
    {
        Node node = _model.Nodes[i];
        TensorShape x = node.Inputs.Count > 0 ? _model.Nodes[node.Inputs[0]].Shape : default;
        switch (node.Layer)
        {
            case Linear or Conv { Groups: 1 }:
                (_channels[i], _constants[i]) = (_sets.New(node.Shape[1]), ZeroFilters(node));
                break;
            case Conv conv when conv.IsDepthwise(x) && conv.OutChannels == x[1]:
                (_channels[i], _constants[i]) = (_channels[node.Inputs[0]], ZeroFilters(node));
                break;
            case Activation or BatchNorm or PRelu { SlopeShape.Rank: 0 } or InstanceNorm when x.Rank > 1:
                (_channels[i], _constants[i]) = (_channels[node.Inputs[0]], Evaluate(node));
                break;
            case Pool pool:
                bool keepsBorders = pool.Function == PoolKind.Max || !pool.CountIncludePad || (IsUnpadded(pool.Window) && !pool.Window.CeilMode);
                (_channels[i], _constants[i]) = (_channels[node.Inputs[0]], keepsBorders ? _constants[node.Inputs[0]] : new double?[x[1]]);
                break;
            case GlobalPool or Identity when x.Rank > 1:
                (_channels[i], _constants[i]) = (_channels[node.Inputs[0]], _constants[node.Inputs[0]]);
                break;
            case Binary when node.Inputs.All(input => _model.Nodes[input].Shape is { Rank: > 1 } shape && shape.Rank == node.Shape.Rank && shape[1] == node.Shape[1]):
                int[] a = _channels[node.Inputs[0]], b = _channels[node.Inputs[1]];
                for (int c = 0; c < a.Length; c++) _sets.Join(a[c], b[c]);
                (_channels[i], _constants[i]) = (a, Evaluate(node));
                break;
            case Concat { Axis: 1 }:
                (_channels[i], _constants[i]) = ([.. node.Inputs.SelectMany(input => _channels[input])], [.. node.Inputs.SelectMany(input => _constants[input])]);
                break;
            case Reshape reshape when x.Rank > 1 && AttributeForm.FlattenAxis(reshape, x) == 1 && reshape.Dims[1] % x[1] == 0:
                int pixels = reshape.Dims[1] / x[1];
                (_channels[i], _constants[i]) = (Repeat(_channels[node.Inputs[0]], pixels), Repeat(_constants[node.Inputs[0]], pixels));
                break;
            default:
                foreach (int input in node.Inputs) KeepAll(input);
                int channels = node.Shape.Rank > 1 ? node.Shape[1] : 0;
                (_channels[i], _constants[i]) = (_sets.New(channels), new double?[channels]);
                KeepAll(i);
                break;
        }
    }

    private void KeepAll(int node)
    {
        foreach (int channel in _channels[node]) _sets.Keep(channel);
    }

    /// <summary>The steps of a refinement have as many channels as it says.</summary>
    private void KeepWhatRefinementsCount()
    {
        for (int i = 0; i < _model.Nodes.Count; i++)
        {
            if (RefinedGroup.At(_model.Nodes, i) is not { } group) continue;
            KeepAll(_model.Nodes[i].Inputs[0]);
            for (; i < group.Last; i++) KeepAll(i);
        }
    }

    /// <summary>Keeps the channels that a layer's weights multiply with, unless they can go into its bias.</summary>
    private void KeepNeeded(int i)
    {
        Node node = _model.Nodes[i];
        if (!MixesChannels(node.Layer)) return;
        float[] weights = _network.Weight(node.Name + ".weight");
        int[] channels = InputChannels(node);
        double?[] constants = InputConstants(node);
        bool folds = node.Layer is not Conv conv || IsUnpadded(conv.Window);
        int taps = Taps(node, channels.Length, weights);
        for (int c = 0; c < channels.Length; c++)
        {
            bool removable = constants[c] is { } constant && (constant == 0 || (folds && double.IsFinite(constant)));
            if (!removable && Reads(weights, channels.Length, taps, c)) _sets.Keep(channels[c]);
        }
    }

    private static bool Reads(float[] weights, int inputs, int taps, int channel)
    {
        for (int filter = channel * taps; filter < weights.Length; filter += inputs * taps)
            if (weights.AsSpan(filter, taps).ContainsAnyExcept(0f)) return true;
        return false;
    }

    /// <summary>What a layer that mixes channels reads, as it is laid out in its weights: a linear layer flattens what is behind the batch.</summary>
    private int[] InputChannels(Node node) => Flat(node, _channels[node.Inputs[0]]);

    private double?[] InputConstants(Node node) => Flat(node, _constants[node.Inputs[0]]);

    /// <summary>One entry of each index along dimension 1, repeated for the pixels that a linear layer flattens.</summary>
    public T[] Flat<T>(Node node, IReadOnlyList<T> channels) =>
        node.Layer is Linear ? Repeat(channels, (int)(Linear.InFeatures(_model.Nodes[node.Inputs[0]].Shape) / channels.Count)) : [.. channels];

    private double?[] ZeroFilters(Node node)
    {
        float[] weights = _network.Weight(node.Name + ".weight");
        float[]? bias = node.Layer is WeightedLayer { Bias: true } ? _network.Weight(node.Name + ".bias") : null;
        int length = weights.Length / node.Shape[1];
        return [.. Enumerable.Range(0, node.Shape[1]).Select(k => weights.AsSpan(k * length, length).ContainsAnyExcept(0f) ? (double?)null : bias?[k] ?? 0)];
    }

    /// <summary>The constants of a node that treats every pixel alike, by running it on one pixel.</summary>
    private double?[] Evaluate(Node node)
    {
        ReferenceTensor[] inputs = [.. node.Inputs.Select(input => _constants[input])
            .Select(constants => new ReferenceTensor([1, constants.Length, .. Enumerable.Repeat(1, node.Shape.Rank - 2)], Array.ConvertAll(constants, c => c ?? 0)))];
        double[] values = _reference.Evaluate(node, inputs).Data;
        return [.. values.Select((value, c) => node.Inputs.All(input => _constants[input][c] is not null) ? value : (double?)null)];
    }

    private static bool IsUnpadded(Window window) => window.PadsBegin.All(p => p == 0) && window.PadsEnd.All(p => p == 0);

    private static T[] Repeat<T>(IReadOnlyList<T> values, int times) => [.. values.SelectMany(value => Enumerable.Repeat(value, times))];
}
