using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Expand: repeats dimensions of size 1.</summary>
internal static class Expansions
{
    /// <summary>A computed value is repeated by a product with ones, which is exact.</summary>
    public static IReadOnlyList<Value> Import(NodeContext node)
    {
        Draft x = node.Computed(0);
        TensorShape target = Target(node);
        if (target == x.Shape) return [x];
        int added = target.Rank - x.Shape.Rank;
        int[] ones = [.. target.Dims.Select((d, i) => i >= added && x.Shape[i - added] == d ? 1 : d)];
        return [node.Add(new Binary(BinaryKind.Mul), x, node.Computed(Tensor.Filled(ones, 1f)))];
    }

    /// <summary>The same on a constant.</summary>
    public static Tensor Fold(NodeContext node)
    {
        TensorShape target = Target(node);
        return node.Constant(0).Strided(target.Dims.ToArray(), 0, node.Shape(0).BroadcastStrides(target));
    }

    private static TensorShape Target(NodeContext node) =>
        TensorShape.Broadcast(node.Shape(0), TensorShape.Of(node.Ints("shape", 1) ?? throw new ImportException("it has no shape")));
}
