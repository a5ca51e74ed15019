using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import;

/// <summary>
/// A layer on its way into the network. It has no name yet: names are chosen when all layers are known,
/// and rewrites may still change or drop it.
/// </summary>
internal sealed class Draft(Layer layer, Draft[] inputs, TensorShape shape)
{
    public Layer Layer { get; set; } = layer;

    public Draft[] Inputs { get; set; } = inputs;

    public TensorShape Shape { get; } = shape;

    /// <summary>The layer's tensors by suffix, as <see cref="Layer.Weights"/> lists them.</summary>
    public IReadOnlyList<(string Suffix, Tensor Data)> Weights { get; set; } = [];

    /// <summary>What the file calls the first of <see cref="Weights"/>; empty when there are none.</summary>
    public string WeightName { get; set; } = "";

    /// <summary>The ONNX node it comes from; empty when that has no name.</summary>
    public string NodeName { get; set; } = "";

    /// <summary>The ONNX operator it comes from; empty for inputs and parameters.</summary>
    public string OpType { get; set; } = "";

    /// <summary>The ONNX value that this layer makes; empty for a value that the file does not have.</summary>
    public string ValueName { get; set; } = "";

    /// <summary>Takes the place of <paramref name="other"/>, which it reads: that layer's inputs and names, with another layer and other weights.</summary>
    public void Become(Draft other, Layer layer, IReadOnlyList<(string Suffix, Tensor Data)> weights)
    {
        (Layer, Inputs, Weights) = (layer, other.Inputs, weights);
        (WeightName, NodeName, OpType) = (other.WeightName, other.NodeName, other.OpType);
    }
}

/// <summary>What an ONNX value name stands for during the import: a constant or a layer's result.</summary>
internal readonly record struct Value(Tensor? Constant, Draft? Computed)
{
    /// <summary>Set where the value is not what the layer makes, but its codes.</summary>
    public Activation? Codes { get; init; }

    /// <summary>Set where what the layer makes are integers.</summary>
    public IntegerRange? Integers { get; init; }

    public TensorShape Shape => Constant?.Shape ?? Computed!.Shape;

    public static implicit operator Value(Tensor constant) => new(constant, null);

    public static implicit operator Value(Draft computed) => new(null, computed);
}
