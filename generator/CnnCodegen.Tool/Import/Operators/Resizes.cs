using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;
using CnnCodegen.Tool.Onnx;
using Coordinates = CnnCodegen.Generator.Model.ResizeCoordinates;
using Mode = CnnCodegen.Generator.Model.ResizeMode;
using Rounding = CnnCodegen.Generator.Model.NearestRounding;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Resize (opset 10, 11, 13, 18, 19) and its forerunner Upsample (7, 9).</summary>
internal static class Resizes
{
    public static IReadOnlyList<Value> Upsample(NodeContext node)
    {
        float[] scales = node.Node.Floats("scales") ?? node.Constant(1).Floats;
        return [Early(node, scales)];
    }

    public static IReadOnlyList<Value> Resize(NodeContext node)
    {
        if (node.Opset < 11) return [Early(node, node.Constant(1).Floats)];
        if (node.Int("antialias", 0) != 0) throw ImportException.Unsupported("antialias is not supported");
        (int[] sizes, float[] scales) = Extent(node);
        return [Add(node, sizes, scales, ReadMode(node), ReadCoordinates(node, sizes, scales), ReadRounding(node))];
    }

    /// <summary>Before opset 11 positions are o / scale; the nearest pixel is the lower one, or the upper one where the image shrinks.</summary>
    private static Draft Early(NodeContext node, float[] scales)
    {
        Mode mode = ReadMode(node);
        bool shrinks = scales.Any(s => s < 1);
        if (shrinks && mode == Mode.Nearest && scales.Any(s => s > 1))
            throw ImportException.Unsupported("it enlarges one dimension and shrinks another, for which opset 10 rounds differently; convert the model to opset 11 or later");
        return Add(node, [], scales, mode, Coordinates.Asymmetric, shrinks ? Rounding.Ceil : Rounding.Floor);
    }

    private static Draft Add(NodeContext node, int[] sizes, float[] scales, Mode mode, Coordinates coordinates, Rounding rounding)
    {
        Draft x = node.Computed(0);

        // The rounding means nothing to a linear resize.
        if (mode == Mode.Linear) rounding = Rounding.RoundPreferFloor;
        Resize layer = (Resize)new Resize(sizes.ToEquatableArray(), scales.ToEquatableArray(), mode, coordinates, rounding).Resolve([x.Shape]);
        return layer.Sizes == x.Shape.Dims && layer.Scales.All(s => s == 1) ? x : node.Add(layer, x);
    }

    /// <summary>One size or one scale for each dimension; the other array is empty.</summary>
    private static (int[] Sizes, float[] Scales) Extent(NodeContext node)
    {
        TensorShape x = node.Shape(0);
        int[] axes = node.Ints("axes") is { } given ? [.. given.Select(x.Axis)] : [.. Enumerable.Range(0, x.Rank)];
        if (node.Node.Text("keep_aspect_ratio_policy", "stretch") is not "stretch" and string policy)
            throw ImportException.Unsupported($"keep_aspect_ratio_policy '{policy}' is not supported; 'stretch' is");

        bool hasSizes = node.Has(3) && node.Constant(3).Length > 0;
        if (!hasSizes && !(node.Has(2) && node.Constant(2).Length > 0)) throw new ImportException("it has neither scales nor sizes");
        int count = hasSizes ? node.Constant(3).Length : node.Constant(2).Length;
        if (count != axes.Length) throw new ImportException($"it has {count} {(hasSizes ? "sizes" : "scales")} for {axes.Length} dimensions");
        int[] sizes = x.Dims.ToArray();
        float[] scales = [.. Enumerable.Repeat(1f, x.Rank)];
        for (int i = 0; i < axes.Length; i++)
        {
            if (hasSizes) sizes[axes[i]] = node.Ints("sizes", 3)![i];
            else scales[axes[i]] = node.Constant(2).Floats[i];
        }

        return hasSizes ? (sizes, []) : ([], scales);
    }

    private static Mode ReadMode(NodeContext node) => node.Node.Text("mode", "nearest") switch
    {
        "nearest" => Mode.Nearest,
        "linear" or "bilinear" => Mode.Linear,
        string other => throw ImportException.Unsupported($"its mode '{other}' is not supported; nearest and linear are"),
    };

    private static Coordinates ReadCoordinates(NodeContext node, int[] sizes, float[] scales) => node.Node.Text("coordinate_transformation_mode", "half_pixel") switch
    {
        "half_pixel" => Coordinates.HalfPixel,
        "pytorch_half_pixel" => Coordinates.PytorchHalfPixel,
        "align_corners" => Coordinates.AlignCorners,
        "asymmetric" => Coordinates.Asymmetric,

        // The two differ only where a size is not its scale times the input.
        "half_pixel_symmetric" when sizes.Length > 0 || scales.All(s => s == MathF.Truncate(s)) => Coordinates.HalfPixel,
        string other => throw ImportException.Unsupported($"its coordinate_transformation_mode '{other}' is not supported; half_pixel, pytorch_half_pixel, align_corners and asymmetric are"),
    };

    private static Rounding ReadRounding(NodeContext node) => node.Node.Text("nearest_mode", "round_prefer_floor") switch
    {
        "round_prefer_floor" => Rounding.RoundPreferFloor,
        "round_prefer_ceil" => Rounding.RoundPreferCeil,
        "floor" => Rounding.Floor,
        "ceil" => Rounding.Ceil,
        string other => throw new ImportException($"its nearest_mode '{other}' is not known"),
    };
}
