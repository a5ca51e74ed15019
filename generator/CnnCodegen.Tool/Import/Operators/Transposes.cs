using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Transpose.</summary>
internal static class Transposes
{
    public static IReadOnlyList<Value> Import(NodeContext node)
    {
        Draft x = node.Computed(0);
        Transpose layer = Read(node);
        return [layer.Perm.SequenceEqual(Enumerable.Range(0, layer.Perm.Count)) ? x : node.Add(layer, x)];
    }

    /// <summary>The same on a constant.</summary>
    public static Tensor Fold(NodeContext node)
    {
        Tensor x = node.Constant(0);
        Transpose layer = Read(node);
        int[] strides = x.Shape.Strides();
        return x.Strided(layer.InferShape([x.Shape]).Dims.ToArray(), 0, [.. layer.Perm.Select(p => strides[p])]);
    }

    private static Transpose Read(NodeContext node) => (Transpose)new Transpose(new(node.Ints("perm") ?? [])).Resolve([node.Shape(0)]);
}
