using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Split: one slice for each part.</summary>
internal static class Splits
{
    public static IReadOnlyList<Value> Import(NodeContext node)
    {
        Draft x = node.Computed(0);
        int axis = x.Shape.Axis(node.Int("axis", 0)), start = 0;
        List<Value> parts = [];
        foreach (int size in Sizes(node, x.Shape[axis]))
        {
            int end = checked(start + size);
            parts.Add(node.Add(new Slice([start], [end], [axis], []), x));
            start = end;
        }

        return parts;
    }

    /// <summary>The given sizes; without them, equal ones, and with opset 18's <c>num_outputs</c> a smaller last one.</summary>
    private static int[] Sizes(NodeContext node, int total)
    {
        int parts = node.Node.Outputs.Count;
        if (node.Int("num_outputs", parts) != parts) throw new ImportException($"num_outputs is {node.Int("num_outputs", parts)} and it has {parts} outputs");
        int each = (total + parts - 1) / parts;
        int[] sizes = node.Ints("split", 1) ?? [.. Enumerable.Range(0, parts).Select(i => Math.Min(each, total - (i * each)))];
        if (sizes.Length != parts || sizes.Any(s => s < 1) || sizes.Sum(s => (long)s) != total || (!node.Node.Has("num_outputs") && !node.Node.Has("split") && !node.Has(1) && total % parts != 0))
            throw new ImportException($"{total} elements cannot be split into {parts} parts of ({string.Join(", ", sizes)})");
        return sizes;
    }
}
