using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;
using Padding = CnnCodegen.Generator.Model.AutoPad;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Conv and ConvTranspose with constant weights.</summary>
internal static class Convolutions
{
    public static IReadOnlyList<Value> Conv(NodeContext node)
    {
        Tensor weight = Weight(node);
        Conv layer = new(weight.Dims[0], Windows.Read(node, weight.Dims[2..]), node.Int("group", 1), node.Has(2));
        return [Quantizations.AddWeighted(node, layer, node.Computed(0), weight, node.Has(2) ? node.Constant(2) : null)];
    }

    public static IReadOnlyList<Value> ConvTranspose(NodeContext node)
    {
        Tensor weight = Weight(node);
        Window window = Windows.Read(node, weight.Dims[2..]);
        int[] outputPadding = node.Ints("output_padding") ?? new int[window.Rank];
        if (node.Ints("output_shape") is { } shape) window = Fit(node, window, shape, ref outputPadding);
        int groups = node.Int("group", 1);
        ConvTranspose layer = new(checked(weight.Dims[1] * groups), window, new(outputPadding), groups, node.Has(2));
        return [Add(node, layer, weight)];
    }

    private static Tensor Weight(NodeContext node)
    {
        Tensor weight = node.Constant(1);
        return weight.Dims.Length >= 3 ? weight : throw new ImportException($"its weight is {weight.Shape}; it needs channels out, channels in and the kernel");
    }

    private static Draft Add(NodeContext node, Layer layer, Tensor weight) => node.Has(2)
        ? node.AddWeighted(layer, node.Computed(0), ("weight", weight), ("bias", node.Constant(2)))
        : node.AddWeighted(layer, node.Computed(0), ("weight", weight));

    /// <summary>The pads (and, where those would be negative, the output padding) that make the spatial output <paramref name="shape"/>.</summary>
    private static Window Fit(NodeContext node, Window window, int[] shape, ref int[] outputPadding)
    {
        int[] input = Generator.Model.Shapes.Spatial(node.Shape(0), window.Rank);

        // Early exporters list batch and channels, too.
        shape = shape.Length == window.Rank + 2 ? shape[2..] : shape;
        if (shape.Length != window.Rank || outputPadding.Length != window.Rank)
            throw new ImportException($"output_shape and output_padding need one entry for each of the {window.Rank} spatial dimensions");
        int[] begin = new int[window.Rank], end = new int[window.Rank];
        outputPadding = [.. outputPadding];
        for (int i = 0; i < window.Rank; i++)
        {
            int total = checked((window.Strides[i] * (input[i] - 1)) + outputPadding[i] + window.Extent(i) - shape[i]);
            if (total < 0)
            {
                outputPadding[i] -= total;
                total = 0;
            }

            begin[i] = window.AutoPad == Padding.SameUpper ? total / 2 : total - (total / 2);
            end[i] = total - begin[i];
        }

        return window with { AutoPad = Padding.Explicit, PadsBegin = new(begin), PadsEnd = new(end) };
    }
}
