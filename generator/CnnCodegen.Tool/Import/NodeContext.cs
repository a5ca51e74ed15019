using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import;

/// <summary>The ONNX node that is being imported: what it reads, and where its layers go.</summary>
internal sealed class NodeContext(OnnxNode node, int opset, Value?[] inputs, DraftGraph graph)
{
    public OnnxNode Node => node;

    public int Opset => opset;

    public int InputCount => inputs.Length;

    public bool Has(int input) => input < inputs.Length && inputs[input] is not null;

    /// <exception cref="ImportException">The node does not have this input.</exception>
    public Value Input(int input) => Has(input) ? inputs[input]!.Value : throw new ImportException($"it has no input {input}");

    public TensorShape Shape(int input) => Input(input).Shape;

    /// <summary>An input as a layer's result; a constant becomes a <see cref="Parameter"/>.</summary>
    public Draft Computed(int input) => Computed(Input(input));

    /// <inheritdoc cref="Computed(int)"/>
    public Draft Computed(Value value)
    {
        if (value.Codes is not null) throw ImportException.Unsupported("it computes with the codes of a quantized value; put a DequantizeLinear in front of it");
        if (value.Integers is not null) throw ImportException.Unsupported("it computes with integers; put a Cast to float32 or a DequantizeLinear in front of it");
        if (value.Computed is { } draft) return draft;
        int input = Array.FindIndex(inputs, i => i?.Constant is { } constant && constant.SharesData(value.Constant!));
        return graph.Parameter(value.Constant!, input < 0 ? "" : node.Inputs[input]);
    }

    /// <summary>An input that must be known now.</summary>
    /// <exception cref="ImportException">It is computed from the network's inputs.</exception>
    public Tensor Constant(int input) => Input(input).Constant
        ?? throw ImportException.Unsupported($"its input {input} '{node.Inputs[input]}' is computed from the network's inputs; it must be a constant");

    /// <summary>Integers that older operator sets give as an attribute and newer ones as an input; null when they are not given.</summary>
    public long[]? Integers(string attribute, int input) => node.Ints(attribute) ?? (Has(input) ? Constant(input).Integers : null);

    /// <summary>As <see cref="Integers"/>, where every one must be a possible dimension or axis.</summary>
    public int[]? Ints(string attribute, int input = int.MaxValue) => Integers(attribute, input)?.Select(v => Int(v, attribute)).ToArray();

    public int Int(string attribute, int missing) => Int(node.Int(attribute, missing), attribute);

    /// <summary>Appends the layer that <paramref name="inputs"/> feed.</summary>
    /// <exception cref="ImportException">The result is a scalar, which no attribute can declare.</exception>
    public Draft Add(Layer layer, params Draft[] inputs) => layer is Reshape { Dims.Count: 0 }
        ? throw new ImportException("its result is a scalar; keep at least one dimension")
        : graph.Add(layer, inputs, [], node: node);

    /// <summary>Appends a layer with weights; the first is called as the file calls the node's input 1.</summary>
    public Draft AddWeighted(Layer layer, Draft input, params (string Suffix, Tensor Data)[] weights) => AddWeighted(layer, input, 1, weights);

    /// <summary>Appends a layer with weights; the first is called as the file calls the node's input <paramref name="name"/>.</summary>
    public Draft AddWeighted(Layer layer, Draft input, int name, params (string Suffix, Tensor Data)[] weights) =>
        graph.Add(layer, [input], weights, node.Inputs[name], node);

    private static int Int(long value, string what) => value is >= int.MinValue and <= int.MaxValue
        ? (int)value
        : throw new ImportException($"'{what}' is {value}, which is beyond 32 bits");
}
