using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Shapes are known at import, so asking for one yields a constant.</summary>
internal static class ShapeQueries
{
    /// <summary>From opset 15 on, a part of the dimensions.</summary>
    public static IReadOnlyList<Value> Shape(NodeContext node)
    {
        int[] dims = node.Shape(0).Dims.ToArray();
        int start = Clamp(node.Int("start", 0), dims.Length), end = Clamp(node.Int("end", dims.Length), dims.Length);
        return [Tensor.Of([.. dims[start..Math.Max(start, end)].Select(d => (long)d)])];
    }

    public static IReadOnlyList<Value> Size(NodeContext node) => [Tensor.Of(node.Shape(0).Elements).As()];

    private static int Clamp(int position, int rank) => Math.Clamp(position < 0 ? position + rank : position, 0, rank);
}
