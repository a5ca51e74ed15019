using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>
/// Quantized networks. A QuantizeLinear becomes the activation <c>Quantize</c>, whose value is that of the DequantizeLinear behind it; its
/// codes exist for DequantizeLinear and QLinear operators only. Constants behind a DequantizeLinear are weights on a grid.
/// </summary>
internal static class Quantizations
{
    private const int LeastCode = -128, GreatestCode = 127;

    public static IReadOnlyList<Value> Quantize(NodeContext node)
    {
        Activation grid = Grid(node, 1, 2);
        Draft draft = node.Add(grid, node.Computed(0));
        return [new Value(null, draft) { Codes = grid }];
    }

    public static IReadOnlyList<Value> Dequantize(NodeContext node)
    {
        (Draft draft, Activation grid) = node.Quantized(0);
        Require(grid, Grid(node, 1, 2), "input");
        return [draft];
    }

    /// <summary>x, its scale and zero point, w, its scales and zero points, y's scale and zero point, and a bias in units of both scales.</summary>
    public static IReadOnlyList<Value> Conv(NodeContext node)
    {
        (Draft x, Activation grid) = Operand(node);
        Tensor weight = Values(node.Constant(3), node.Constant(4), node.Constant(5), axis: 0);
        if (weight.Dims.Length < 3) throw new ImportException($"its weight is {weight.Shape}; it needs channels out, channels in and the kernel");
        Tensor? bias = node.Has(8) ? Bias(node.Constant(8), weight.Scales, grid.Alpha) : null;
        return Result(node, AddWeighted(node, new Conv(weight.Dims[0], Windows.Read(node, weight.Dims[2..]), node.Int("group", 1), bias is not null), x, weight, bias, name: 3));
    }

    /// <summary>The operands of a QLinearConv without a bias; the right matrix is constant.</summary>
    public static IReadOnlyList<Value> MatMul(NodeContext node)
    {
        (Draft x, _) = Operand(node);
        Tensor right = Values(node.Constant(3), node.Constant(4), node.Constant(5), axis: 1);
        if (x.Shape.Rank != 2 || right.Dims.Length != 2) throw ImportException.Unsupported($"its operands are {x.Shape} and {right.Shape}; two matrices are supported");
        return Result(node, AddWeighted(node, new Linear(right.Dims[1], Bias: false), x, Products.Transposed(right), null, name: 3));
    }

    /// <summary>DequantizeLinear of a constant.</summary>
    public static Tensor Fold(NodeContext node) =>
        Values(node.Constant(0), node.Constant(1), node.Has(2) ? node.Constant(2) : null, node.Int("axis", 1));

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
        (Draft x, Activation grid) = node.Quantized(0);
        Require(grid, Grid(node, 1, 2), "input");
        return (x, grid);
    }

    private static IReadOnlyList<Value> Result(NodeContext node, Draft draft)
    {
        Activation grid = Grid(node, 6, 7);
        return [new Value(null, node.Add(grid, draft)) { Codes = grid }];
    }

    /// <summary>The quantisation by one scale and zero point.</summary>
    private static Activation Grid(NodeContext node, int scale, int zero)
    {
        (Tensor scales, Tensor? zeros) = (node.Constant(scale), node.Has(zero) ? node.Constant(zero) : null);
        if (scales.Length != 1 || zeros is { Length: not 1 }) throw ImportException.Unsupported($"it quantizes a computed value by {scales.Length} scales; one for the whole tensor is supported");
        bool signed = (zeros?.Type ?? DataType.Uint8) switch
        {
            DataType.Uint8 => false,
            DataType.Int8 => true,
            var other => throw ImportException.Unsupported($"its zero point is {other}; codes of 8 bits are supported"),
        };
        return new Activation(ActivationKind.Quantize, scales.Floats[0], zeros?.Integers[0] ?? 0) { Low = signed ? LeastCode : byte.MinValue, High = signed ? GreatestCode : byte.MaxValue };
    }

    private static void Require(Activation found, Activation expected, string what)
    {
        if (found != expected)
            throw ImportException.Unsupported(FormattableString.Invariant($"its {what} was quantized by {found.Describe()}, and it reads it as {expected.Describe()}; the two must be the same"));
    }

    /// <summary>(code - zero) * scale, the scales and zero points of a tensor or of an axis.</summary>
    private static Tensor Values(Tensor codes, Tensor scale, Tensor? zero, int axis)
    {
        if (codes.IsFloat) throw new ImportException("it dequantizes floats");
        axis = scale.Length == 1 ? -1 : codes.Shape.Axis(axis);
        bool fits = axis < 0 || (scale.Dims.Length == 1 && scale.Length == codes.Dims[axis]);
        if (!fits || (zero is not null && zero.Length != scale.Length)) throw ImportException.Unsupported($"its scales are {scale.Shape} for codes {codes.Shape}; one, or one for each index of an axis, is supported");
        int inner = codes.Dims.Skip(axis + 1).Aggregate(1, (product, d) => product * d);
        float[] values = new float[codes.Length];
        bool isGrid = codes.Type is DataType.Int8 or DataType.Uint8;
        for (int i = 0; i < values.Length; i++)
        {
            int index = i / inner % scale.Length;
            long code = codes.Integers[i] - (zero?.Integers[index] ?? 0);
            isGrid &= code is >= LeastCode and <= GreatestCode;
            values[i] = code * scale.Floats[index];
        }

        return Tensor.Of(codes.Dims, values, isGrid ? new ChannelScales(axis, scale.Floats) : null);
    }

    private static Tensor Bias(Tensor codes, ChannelScales? weights, float input) => weights is not null
        ? Tensor.Of(codes.Dims, [.. codes.Integers.Select((code, k) => (float)(code * (double)weights.Values[k % weights.Values.Length] * input))])
        : throw ImportException.Unsupported("its weights less their zero point are no codes of 8 bits, of which its bias is a multiple");
}
