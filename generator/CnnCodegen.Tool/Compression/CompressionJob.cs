using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Commands;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Compression;

/// <summary>What a method works on.</summary>
/// <param name="Network">The network with its dense weights.</param>
/// <param name="Layers">Indices of the convolution and linear layers that it may change, in order.</param>
/// <param name="Samples">Inputs to try the network on.</param>
/// <param name="Isa">What to compile for, to do so.</param>
/// <param name="Options">The numbers of the command line, by option.</param>
internal sealed record CompressionJob(
    ImportedNetwork Network,
    IReadOnlyList<int> Layers,
    IReadOnlyList<ReadOnlyMemory<float>[]> Samples,
    TargetIsa Isa,
    IReadOnlyDictionary<string, double> Options)
{
    public NetworkModel Model => Network.Model;

    /// <summary>The weights of a layer, output channels first.</summary>
    public float[] Weight(int layer) => Network.Weight(WeightName(layer));

    public string WeightName(int layer) => Model.Nodes[layer].Name + ".weight";

    /// <summary>The shape of a layer's weights.</summary>
    public int[] WeightShape(int layer) => Network.Weights[WeightName(layer)].Shape;

    /// <summary>The value of an option that the method needs.</summary>
    public double this[string option] => Options[option];

    /// <summary>The same option, a whole number.</summary>
    /// <exception cref="CommandException">It is none.</exception>
    public int Whole(string option) => this[option] is var value && value == Math.Floor(value) && value is >= 1 and <= int.MaxValue
        ? (int)value
        : throw new CommandException(FormattableString.Invariant($"{option} {value}: a whole number of at least 1 is needed"));

    /// <summary>The network with new weights of the same shapes in the layers.</summary>
    /// <param name="weights">The weights of each layer, in the order of <see cref="Layers"/>.</param>
    public ImportedNetwork WithWeights(IReadOnlyList<float[]> weights)
    {
        Dictionary<string, (int[] Shape, float[] Data)> all = new(Network.Weights, StringComparer.Ordinal);
        for (int i = 0; i < Layers.Count; i++) all[WeightName(Layers[i])] = (WeightShape(Layers[i]), weights[i]);
        return Network with { Weights = all };
    }

    /// <summary>The network with new weights in the layers, each made from its own.</summary>
    public ImportedNetwork WithWeights(Func<float[], float[]> change) => WithWeights([.. Layers.Select(layer => change(Weight(layer)))]);
}
