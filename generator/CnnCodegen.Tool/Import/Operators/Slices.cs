using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Slice; up to opset 9 the positions are attributes.</summary>
internal static class Slices
{
    public static IReadOnlyList<Value> Import(NodeContext node)
    {
        Draft x = node.Computed(0);
        Slice layer = Read(node);
        if (layer.InferShape([x.Shape]).Dims.Any(d => d < 1)) throw ImportException.Unsupported("its result is empty; networks have no empty values");
        bool whole = layer.Ends == x.Shape.Dims && layer.Steps.All(s => s == 1);
        return [whole ? x : node.Add(layer, x)];
    }

    /// <summary>The same on a constant.</summary>
    public static Tensor Fold(NodeContext node)
    {
        Tensor x = node.Constant(0);
        Slice layer = Read(node);
        int[] strides = x.Shape.Strides();
        int first = layer.Starts.Select((start, i) => start * strides[i]).Sum();
        return x.Strided(layer.Ends.ToArray(), first, [.. layer.Steps.Select((step, i) => step * strides[i])]);
    }

    private static Slice Read(NodeContext node)
    {
        EquatableArray<int> starts = Positions(node, "starts", 1), ends = Positions(node, "ends", 2);
        return (Slice)new Slice(starts, ends, new(node.Ints("axes", 3) ?? []), Positions(node, "steps", 4)).Resolve([node.Shape(0)]);
    }

    /// <summary>Exporters write "to the end" as the largest int64: positions are cut to 32 bits.</summary>
    private static EquatableArray<int> Positions(NodeContext node, string name, int input) =>
        (node.Integers(name, input) ?? []).Select(p => (int)Math.Clamp(p, -int.MaxValue, int.MaxValue)).ToEquatableArray();
}
