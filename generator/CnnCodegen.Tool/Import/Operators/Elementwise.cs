using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Element-wise functions of two or more values.</summary>
internal static class Elementwise
{
    public static IReadOnlyList<Value> Add(NodeContext node) => Chain(node, BinaryKind.Add);

    public static IReadOnlyList<Value> Sub(NodeContext node) => Chain(node, BinaryKind.Sub);

    public static IReadOnlyList<Value> Mul(NodeContext node) => Chain(node, BinaryKind.Mul);

    public static IReadOnlyList<Value> Div(NodeContext node) => Chain(node, BinaryKind.Div);

    public static IReadOnlyList<Value> Pow(NodeContext node) => Chain(node, BinaryKind.Pow);

    public static IReadOnlyList<Value> Min(NodeContext node) => Chain(node, BinaryKind.Min);

    public static IReadOnlyList<Value> Max(NodeContext node) => Chain(node, BinaryKind.Max);

    private static IReadOnlyList<Value> Chain(NodeContext node, BinaryKind kind)
    {
        Value result = node.Input(0);
        for (int i = 1; i < node.InputCount; i++) result = Combine(node, kind, result, Align(node, result, node.Input(i)));
        return [result];
    }

    private static Draft Combine(NodeContext node, BinaryKind kind, Value left, Value right)
    {
        if (left.Computed is { } x && IsScalar(right, x.Shape) && Scalar(kind, right.Constant!.ToFloats().Floats[0]) is { } layer)
            return node.Add(layer, x);
        if (right.Computed is { } y && IsScalar(left, y.Shape))
        {
            float scalar = left.Constant!.Floats[0];
            if (kind == BinaryKind.Sub && float.IsFinite(scalar))
                return node.Add(new Activation(ActivationKind.Affine, 1, scalar), node.Add(new Activation(ActivationKind.Affine, -1), y));
            if (kind is not (BinaryKind.Sub or BinaryKind.Div or BinaryKind.Pow) && Scalar(kind, scalar) is { } commuted) return node.Add(commuted, y);
        }

        return node.Add(new Binary(kind), node.Computed(left), node.Computed(right));
    }

    /// <summary>The layer of one input that applies a scalar exactly; null where there is none.</summary>
    private static Activation? Scalar(BinaryKind kind, float scalar) => kind switch
    {
        _ when float.IsNaN(scalar) => null,
        BinaryKind.Min => Activations.Between(float.NegativeInfinity, scalar),
        BinaryKind.Max => Activations.Between(scalar, float.PositiveInfinity),
        _ when float.IsInfinity(scalar) => null,
        BinaryKind.Add => new(ActivationKind.Affine, 1, scalar),
        BinaryKind.Sub => new(ActivationKind.Affine, 1, -scalar),
        BinaryKind.Mul => new(ActivationKind.Affine, scalar),
        BinaryKind.Pow => new(ActivationKind.Pow, scalar),
        _ => IsPowerOfTwo(scalar) ? new(ActivationKind.Affine, 1 / scalar) : null,
    };

    private static bool IsScalar(Value value, TensorShape other) => value.Constant is { Length: 1 } constant && constant.Dims.Length <= other.Rank;

    private static bool IsPowerOfTwo(float value) =>
        float.IsNormal(value) && float.IsNormal(1 / value) && (BitConverter.SingleToUInt32Bits(value) & 0x7FFFFF) == 0;

    /// <summary>Up to opset 6 the right operand's dimensions begin at <c>axis</c> of the left one's, and broadcasting must be asked for.</summary>
    private static Value Align(NodeContext node, Value left, Value right)
    {
        if (node.Opset >= 7 || node.Node.OpType is "Sum" or "Min" or "Max") return right;
        if (node.Int("broadcast", 0) == 0)
            return left.Shape == right.Shape ? right : throw new ImportException($"its operands are {left.Shape} and {right.Shape}, and it does not say broadcast = 1");
        int behind = node.Node.Has("axis") ? left.Shape.Rank - right.Shape.Rank - node.Int("axis", 0) : 0;
        if (behind <= 0) return right;
        int[] dims = [.. right.Shape.Dims, .. Enumerable.Repeat(1, Math.Min(behind, left.Shape.Rank))];
        return right.Constant is { } constant ? constant.As(dims) : node.Add(new Reshape(new(dims)), right.Computed!);
    }
}
