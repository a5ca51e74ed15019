using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>ReduceMean; from opset 18 on the axes are an input.</summary>
internal static class Reductions
{
    public static IReadOnlyList<Value> Mean(NodeContext node)
    {
        int[] axes = node.Ints("axes", 1) ?? [];
        if (axes.Length == 0 && node.Int("noop_with_empty_axes", 0) != 0) return [node.Input(0)];
        return [node.Add(new ReduceMean(new(axes), node.Int("keepdims", 1) != 0), node.Computed(0))];
    }
}
