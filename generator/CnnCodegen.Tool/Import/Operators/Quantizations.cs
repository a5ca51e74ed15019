using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>
/// Quantized networks. A QuantizeLinear becomes the activation <c>Quantize</c>, whose value is that of the DequantizeLinear behind it; its
/// codes exist for DequantizeLinear, QLinear operators and what moves elements. Constants behind a DequantizeLinear are weights on a grid.
/// </summary>
internal static class Quantizations
{
    public static IReadOnlyList<Value> Quantize(NodeContext node)
    {
        DataType type = (DataType)node.Int("output_dtype", 0);
        Activation grid = CodeValues.Grid(node, 1, 2, type == DataType.Undefined ? DataType.Uint8 : type);
        Draft draft = node.Add(grid, node.Computed(0));
        return [new Value(null, draft) { Codes = grid }];
    }

    public static IReadOnlyList<Value> Dequantize(NodeContext node)
    {
        // Sums of 32 bits have no codes; everything else is on a grid.
        if (node.Input(0) is { Integers: { } range, Computed: { } sums } && range != IntegerRange.Of(DataType.Uint8) && range != IntegerRange.Of(DataType.Int8))
        {
            Tensor scale = node.Constant(1);
            if (scale.Length != 1 || (node.Has(2) && node.Constant(2).Integers.Any(zero => zero != 0)))
                throw ImportException.Unsupported($"it reads integers from {range} with {scale.Length} scales; one, and a zero point of 0, is supported");
            return [node.Add(new Activation(ActivationKind.Affine, scale.Floats[0]), sums)];
        }

        return [CodeValues.Value(node, 0, CodeValues.Grid(node, 1, 2, CodeValues.TypeOf(node.Input(0))))];
    }

    /// <summary>x, its scale and zero point, w, its scales and zero points, y's scale and zero point, and a bias in units of both scales.</summary>
    public static IReadOnlyList<Value> Conv(NodeContext node)
    {
        (Draft x, Activation grid) = Operand(node);
        Tensor weight = CodeValues.Values(node.Constant(3), node.Constant(4), node.Constant(5), axis: 0);
        if (weight.Dims.Length < 3) throw new ImportException($"its weight is {weight.Shape}; it needs channels out, channels in and the kernel");
        Tensor? bias = node.Has(8) ? Bias(node.Constant(8), weight.Scales, grid.Alpha) : null;
        return Result(node, AddWeighted(node, new Conv(weight.Dims[0], Windows.Read(node, weight.Dims[2..]), node.Int("group", 1), bias is not null), x, weight, bias, name: 3));
    }

    /// <summary>The operands of a QLinearConv without a bias; either may be computed.</summary>
    public static IReadOnlyList<Value> MatMul(NodeContext node)
    {
        (Draft x, _) = Operand(node);
        if (node.Input(3).Constant is null) return Result(node, node.Add(new MatMul(), x, CodeValues.Value(node, 3, CodeValues.Grid(node, 4, 5))));
        Tensor right = CodeValues.Values(node.Constant(3), node.Constant(4), node.Constant(5), axis: -1);
        if (x.Shape.Rank != 2 || right.Dims.Length != 2) return Result(node, node.Add(new MatMul(), x, node.Computed(right)));
        return Result(node, AddWeighted(node, new Linear(right.Dims[1], Bias: false), x, Products.Transposed(right), null, name: 3));
    }

    /// <summary>DequantizeLinear of a constant.</summary>
    public static Tensor Fold(NodeContext node) =>
        CodeValues.Values(node.Constant(0), node.Constant(1), node.Has(2) ? node.Constant(2) : null, node.Int("axis", 1));

    /// <summary>Appends a layer whose weights may be codes times a scale for each output channel.</summary>
    /// <param name="node">The node it comes from.</param>
    /// <param name="layer">The layer.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="weight">The weights, output channels first.</param>
    /// <param name="bias">The bias if it has one.</param>
    /// <param name="name">The node's input that the weights are called after.</param>
    public static Draft AddWeighted(NodeContext node, WeightedLayer layer, Draft input, Tensor weight, Tensor? bias, int name = 1)
    {
        List<(string, Tensor)> tensors = [("weight", weight)];
        if (bias is not null) tensors.Add(("bias", bias));
        if (weight.Scales is { Axis: <= 0 } scales)
        {
            tensors.Add((Int8.Scales, scales.Axis < 0 ? Tensor.Filled([weight.Dims[0]], scales.Values[0]) : Tensor.Of([scales.Values.Length], scales.Values)));
            layer = layer with { Refinement = new Int8() };
        }

        return node.AddWeighted(layer, input, name, [.. tensors]);
    }

    private static (Draft Layer, Activation Grid) Operand(NodeContext node)
    {
        Activation grid = CodeValues.Grid(node, 1, 2);
        return (CodeValues.Value(node, 0, grid), grid);
    }

    private static IReadOnlyList<Value> Result(NodeContext node, Draft draft)
    {
        Activation grid = CodeValues.Grid(node, 6, 7);
        return [new Value(null, node.Add(grid, draft)) { Codes = grid }];
    }

    private static Tensor Bias(Tensor codes, ChannelScales? weights, float input) => weights is not null
        ? Tensor.Of(codes.Dims, [.. codes.Integers.Select((code, k) => (float)(code * (double)weights.Values[k % weights.Values.Length] * input))])
        : throw ImportException.Unsupported("its weights less their zero point are no codes of 8 bits, of which its bias is a multiple");
}
