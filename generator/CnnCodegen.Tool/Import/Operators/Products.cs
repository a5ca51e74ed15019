using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Matrix products: a constant right matrix makes a <see cref="Linear"/> layer.</summary>
internal static class Products
{
    /// <summary>alpha A' B' + beta C.</summary>
    public static IReadOnlyList<Value> Gemm(NodeContext node)
    {
        float alpha = node.Node.Float("alpha", 1), beta = node.Node.Float("beta", 1);
        Draft a = Matrix(node, 0);
        if (node.Int("transA", 0) != 0) a = node.Add(new Transpose([]), a);
        bool transposed = node.Int("transB", 0) != 0;

        if (node.Input(1).Constant is { Dims.Length: 2 } b)
        {
            Tensor weight = Scale(transposed ? b : Transposed(b), alpha);
            int features = weight.Dims[0];
            if (node.Has(2) && node.Input(2).Constant is { } c && IsRow(c, features))
                return [Quantizations.AddWeighted(node, new Linear(features), a, weight, Scale(Row(c, features), beta))];
            return [Plus(Quantizations.AddWeighted(node, new Linear(features, Bias: false), a, weight, null))];
        }

        Draft right = Matrix(node, 1);
        if (transposed) right = node.Add(new Transpose([]), right);
        return [Plus(Times(node.Add(new MatMul(), a, right), alpha))];

        Draft Plus(Draft product) => node.Has(2) ? node.Add(new Binary(BinaryKind.Add), product, Times(node.Computed(2), beta)) : product;

        Draft Times(Draft x, float factor) => factor == 1 ? x : node.Add(new Activation(ActivationKind.Affine, factor), x);
    }

    public static IReadOnlyList<Value> MatMul(NodeContext node)
    {
        (TensorShape a, TensorShape b) = (node.Shape(0), node.Shape(1));
        if (a.Rank == 2 && node.Input(1).Constant is { Dims.Length: 2 } constant)
            return [Quantizations.AddWeighted(node, new Linear(constant.Dims[1], Bias: false), node.Computed(0), Transposed(constant), null)];

        // A vector is a row on the left and a column on the right, and the result loses that dimension again.
        if (a.Rank == 0 || b.Rank == 0) throw new ImportException($"its operands are {a} and {b}; a matrix product needs at least vectors");
        Draft left = a.Rank == 1 ? node.Add(new Reshape([1, a[0]]), node.Computed(0)) : node.Computed(0);
        Draft right = b.Rank == 1 ? node.Add(new Reshape([b[0], 1]), node.Computed(1)) : node.Computed(1);
        Draft product = node.Add(new MatMul(), left, right);
        List<int> dims = [.. product.Shape.Dims];
        if (b.Rank == 1) dims.RemoveAt(dims.Count - 1);
        if (a.Rank == 1) dims.RemoveAt(dims.Count - (b.Rank == 1 ? 1 : 2));
        return [dims.Count == product.Shape.Rank ? product : node.Add(new Reshape(new([.. dims])), product)];
    }

    private static Draft Matrix(NodeContext node, int input) => node.Shape(input).Rank == 2
        ? node.Computed(input)
        : throw new ImportException($"its input {input} is {node.Shape(input)}; it must be a matrix");

    /// <summary>Whether a constant has one value for each column, or one for all.</summary>
    private static bool IsRow(Tensor c, int columns) => (c.Length == columns && (columns == 1 || c.Dims[^1] == columns)) || c.Length == 1;

    private static Tensor Row(Tensor c, int columns) => c.Length == columns ? c.As(columns) : Tensor.Filled([columns], c.Floats[0]);

    public static Tensor Transposed(Tensor b)
    {
        Tensor result = b.Strided([b.Dims[1], b.Dims[0]], 0, [1, b.Dims[1]]);
        return b.Scales is { } scales ? Tensor.Of(result.Dims, result.Floats, scales with { Axis = scales.Axis < 0 ? -1 : 1 - scales.Axis }) : result;
    }

    private static Tensor Scale(Tensor x, float factor) => factor == 1 ? x : Tensor.Of(x.Dims, Array.ConvertAll(x.Floats, v => v * factor));
}
