using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Tool.Onnx;
using Mode = CnnCodegen.Generator.Model.PadMode;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Pad; from opset 11 on pads and value are inputs, from 18 on the axes, too.</summary>
internal static class Pads
{
    public static IReadOnlyList<Value> Import(NodeContext node)
    {
        Draft x = node.Computed(0);
        (int[] begin, int[] end) = Read(node, x.Shape.Rank);
        if (begin.Concat(end).All(p => p == 0)) return [x];
        Mode mode = node.Node.Text("mode", "constant") switch
        {
            "constant" => Mode.Constant,
            "reflect" => Mode.Reflect,
            "edge" => Mode.Edge,
            string other => throw ImportException.Unsupported($"its mode '{other}' is not supported; constant, reflect and edge are"),
        };
        float value = mode == Mode.Constant ? Fill(node) : 0;
        return [node.Add(new Pad(begin.ToEquatableArray(), end.ToEquatableArray(), mode, value), x)];
    }

    private static (int[] Begin, int[] End) Read(NodeContext node, int rank)
    {
        int[] pads = node.Ints("pads", 1) ?? throw new ImportException("it has no pads");
        int[] axes = node.Has(3) ? [.. node.Ints("axes", 3)!.Select(node.Shape(0).Axis)] : [.. Enumerable.Range(0, rank)];
        if (pads.Length != 2 * axes.Length) throw new ImportException($"pads has {pads.Length} entries; {2 * axes.Length} are needed, all begins and then all ends");
        int[] begin = new int[rank], end = new int[rank];
        for (int i = 0; i < axes.Length; i++)
        {
            begin[axes[i]] = pads[i];
            end[axes[i]] = pads[axes.Length + i];
        }

        return (begin, end);
    }

    private static float Fill(NodeContext node)
    {
        float value = node.Has(2) ? Scalar(node.Constant(2)) : node.Node.Bound("value", 0);
        return float.IsNaN(value) ? throw new ImportException("it pads with NaN") : value;
    }

    private static float Scalar(Tensor value) =>
        value.Length == 1 ? value.Floats[0] : throw new ImportException($"its value is {value.Shape}; it must be a scalar");
}
