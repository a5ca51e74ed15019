using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Folding;

/// <summary>Operators that make constants.</summary>
internal static class Constants
{
    public static Tensor Constant(NodeContext context)
    {
        OnnxNode node = context.Node;
        if (node.Tensors["value"] is { } tensor) return tensor;
        if (node.Has("value_float")) return Tensor.Scalar(node.Bound("value_float", 0));
        if (node.Has("value_int")) return Tensor.Of(node.Int("value_int", 0)).As();
        if (node.Floats("value_floats") is { } floats) return Tensor.Of([floats.Length], floats);
        if (node.Ints("value_ints") is { } ints) return Tensor.Of(ints);
        throw new ImportException("its value is not a tensor of numbers");
    }

    public static Tensor ConstantOfShape(NodeContext node)
    {
        int[] dims = node.Ints("shape", 0) ?? throw new ImportException("it has no shape");
        Tensor value = node.Node.Tensors["value"] ?? Tensor.Filled([1], 0f);
        if (value.Length != 1) throw new ImportException($"its value is {value.Shape}; it must have one element");
        return value.IsFloat ? Tensor.Filled(dims, value.Floats[0]) : Tensor.Filled(dims, value.Integers[0]);
    }

    public static Tensor Range(NodeContext node)
    {
        if (node.Constant(0).IsFloat)
        {
            float first = One(node, 0, t => t.Floats), step = One(node, 2, t => t.Floats);
            float[] floats = new float[Count(((double)One(node, 1, t => t.Floats) - first) / step)];
            for (int i = 0; i < floats.Length; i++) floats[i] = first + (i * step);
            return Tensor.Of([floats.Length], floats);
        }

        long start = One(node, 0, t => t.Integers), delta = One(node, 2, t => t.Integers);
        long[] integers = new long[Count(Math.Ceiling(((double)One(node, 1, t => t.Integers) - start) / delta))];
        for (int i = 0; i < integers.Length; i++) integers[i] = start + (i * delta);
        return Tensor.Of(integers);
    }

    private static T One<T>(NodeContext node, int input, Func<Tensor, T[]> data) =>
        node.Constant(input).Length == 1 ? data(node.Constant(input))[0] : throw new ImportException("start, limit and delta must be scalars");

    private static int Count(double count)
    {
        if (!(count <= int.MaxValue)) throw new ImportException("the range never ends, or is too long");
        return Tensor.CheckedLength([(int)Math.Max(0, Math.Ceiling(count))], isFloat: false);
    }
}
