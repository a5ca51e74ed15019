using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Element-wise functions of one value.</summary>
internal static class Activations
{
    public static IReadOnlyList<Value> Relu(NodeContext node) => Plain(node, ActivationKind.Relu);

    public static IReadOnlyList<Value> Sigmoid(NodeContext node) => Plain(node, ActivationKind.Sigmoid);

    public static IReadOnlyList<Value> HardSwish(NodeContext node) => Plain(node, ActivationKind.HardSwish);

    public static IReadOnlyList<Value> Tanh(NodeContext node) => Plain(node, ActivationKind.Tanh);

    public static IReadOnlyList<Value> Softplus(NodeContext node) => Plain(node, ActivationKind.Softplus);

    public static IReadOnlyList<Value> Exp(NodeContext node) => Plain(node, ActivationKind.Exp);

    public static IReadOnlyList<Value> Sqrt(NodeContext node) => Plain(node, ActivationKind.Sqrt);

    public static IReadOnlyList<Value> Sign(NodeContext node) => Plain(node, ActivationKind.Sign);

    public static IReadOnlyList<Value> Neg(NodeContext node) => [Negated(node)];

    public static IReadOnlyList<Value> LeakyRelu(NodeContext node) =>
        Plain(node, ActivationKind.LeakyRelu, node.Node.Float("alpha", 0.01f));

    public static IReadOnlyList<Value> Elu(NodeContext node) => Plain(node, ActivationKind.Elu, node.Node.Float("alpha", 1));

    public static IReadOnlyList<Value> HardSigmoid(NodeContext node) =>
        Plain(node, ActivationKind.HardSigmoid, node.Node.Float("alpha", 0.2f), node.Node.Float("beta", 0.5f));

    /// <summary>|x| = max(x, -x).</summary>
    public static IReadOnlyList<Value> Abs(NodeContext node) => [node.Add(new Binary(BinaryKind.Max), node.Computed(0), Negated(node))];

    public static IReadOnlyList<Value> Reciprocal(NodeContext node) =>
        [node.Add(new Binary(BinaryKind.Div), node.Computed(Tensor.Filled([1], 1f)), node.Computed(0))];

    /// <summary>The bounds are attributes up to opset 10, then inputs; either may be missing.</summary>
    public static IReadOnlyList<Value> Clip(NodeContext node)
    {
        bool attributes = node.Opset < 11;
        return [node.Add(
            Between(
                attributes ? node.Node.Bound("min", float.MinValue) : Bound(node, 1, float.NegativeInfinity),
                attributes ? node.Node.Bound("max", float.MaxValue) : Bound(node, 2, float.PositiveInfinity)),
            node.Computed(0))];
    }

    /// <summary>The activation that limits a value to a range, by its usual name where it has one.</summary>
    public static Activation Between(float low, float high) => (low, high) switch
    {
        (0, float.PositiveInfinity) => new(ActivationKind.Relu),
        (0, 6) => new(ActivationKind.Relu6),
        _ => new(ActivationKind.Clip, low, high),
    };

    /// <summary>Up to opset 6 the slope is per channel or single; later it broadcasts like any operand.</summary>
    public static IReadOnlyList<Value> PRelu(NodeContext node)
    {
        TensorShape x = node.Shape(0);
        Tensor slope = node.Constant(1);
        if (slope.Length == 1) return [Add(new PRelu(PerChannel: false), slope.As(1))];

        bool perChannel = x.Rank >= 2 && slope.Length == x[1] && (node.Opset < 7
            ? slope.Dims.Length == 1
            : x.Rank - slope.Dims.Length is int missing && missing <= 1 && slope.Dims[1 - missing] == x[1]);
        if (perChannel) return [Add(new PRelu(), slope.As(x[1]))];
        if (node.Opset < 7) throw new ImportException($"its slope is {slope.Shape}; opset 6 knows a single slope and one per channel");
        return [Add(new PRelu(SlopeShape: slope.Shape), slope)];

        Draft Add(PRelu layer, Tensor weight) => node.AddWeighted(layer, node.Computed(0), ("weight", weight));
    }

    private static IReadOnlyList<Value> Plain(NodeContext node, ActivationKind kind, float alpha = 0, float beta = 0) =>
        [node.Add(new Activation(kind, alpha, beta), node.Computed(0))];

    private static Draft Negated(NodeContext node) => node.Add(new Activation(ActivationKind.Affine, -1), node.Computed(0));

    private static float Bound(NodeContext node, int input, float missing)
    {
        if (!node.Has(input)) return missing;
        Tensor bound = node.Constant(input);
        return bound.Length == 1 ? bound.Floats[0] : throw new ImportException($"its bound '{node.Node.Inputs[input]}' is {bound.Shape}; it must be a scalar");
    }
}
