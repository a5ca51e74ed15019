using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>ConvInteger and MatMulInteger: sums of products of integers less their zero points.</summary>
internal static class IntegerProducts
{
    /// <summary>x, w, the zero point of x, and one of w or one for each output channel.</summary>
    public static IReadOnlyList<Value> Conv(NodeContext node)
    {
        (Draft x, Activation grid) = Operand(node, 0, 2);
        Tensor weight = Weight(node, axis: 0);
        if (weight.Dims.Length < 3) throw new ImportException($"its weight is {weight.Shape}; it needs channels out, channels in and the kernel");
        Conv layer = new(weight.Dims[0], Windows.Read(node, weight.Dims[2..]), node.Int("group", 1), Bias: false);
        return Result(Quantizations.AddWeighted(node, layer, x, weight, null), RowSums(weight) * Bound(grid));
    }

    /// <summary>a, b, the zero point of a, and one of b or, if b is constant, one for each column.</summary>
    public static IReadOnlyList<Value> MatMul(NodeContext node)
    {
        (Draft a, Activation grid) = Operand(node, 0, 2);
        if (node.Input(1).Constant is null)
        {
            (Draft b, Activation right) = Operand(node, 1, 3);
            return Result(node.Add(new MatMul(), a, b), a.Shape[a.Shape.Rank - 1] * Bound(grid) * Bound(right));
        }

        Tensor weight = Weight(node, axis: -1);
        if (weight.Dims.Length != 2 || a.Shape.Rank != 2)
            return Result(node.Add(new MatMul(), a, node.Computed(weight)), a.Shape[a.Shape.Rank - 1] * Bound(grid) * (long)weight.Floats.Max(Math.Abs));
        weight = Products.Transposed(weight);
        return Result(Quantizations.AddWeighted(node, new Linear(weight.Dims[0], Bias: false), a, weight, null), RowSums(weight) * Bound(grid));
    }

    /// <summary>The integers of an input less their zero point.</summary>
    private static (Draft Value, Activation Grid) Operand(NodeContext node, int input, int zero)
    {
        Value value = node.Input(input);
        if (value is { Codes: { } codes, Computed: { } quantized })
            value = new Value(null, CodeValues.Integers(quantized, codes, node.Add)) { Integers = new(codes.Low, codes.High) };
        Activation grid = CodeValues.Grid(node, 1f, zero, CodeValues.TypeOf(value));
        return (CodeValues.Value(node, input, value, grid), grid);
    }

    private static Tensor Weight(NodeContext node, int axis)
    {
        Tensor? zero = node.Has(3) ? node.Constant(3) : null;
        return CodeValues.Values(node.Constant(1), Tensor.Filled([zero?.Length ?? 1], 1f), zero, axis);
    }

    /// <summary>The greatest sum of the magnitudes of an output channel's weights.</summary>
    private static long RowSums(Tensor weight) => weight.Floats.Chunk(Math.Max(1, weight.Length / weight.Dims[0])).Max(row => row.Sum(w => Math.Abs((long)w)));

    /// <summary>The greatest magnitude of a code less its zero point.</summary>
    private static long Bound(Activation grid) => (long)Math.Max(grid.Beta - grid.Low, grid.High - grid.Beta);

    private static IReadOnlyList<Value> Result(Draft sums, long bound) => [new Value(null, sums) { Integers = new(-bound, bound) }];
}
