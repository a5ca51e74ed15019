using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Gather along one axis by constant indices.</summary>
internal static class Gathers
{
    /// <summary>Indices at equal distances are a slice.</summary>
    public static IReadOnlyList<Value> Import(NodeContext node)
    {
        Draft x = node.Computed(0);
        (int axis, int[] indices) = Read(node);
        int step = indices.Length > 1 ? indices[1] - indices[0] : 1;
        if (indices.Length == 0 || step == 0 || Enumerable.Range(1, indices.Length - 1).Any(i => indices[i] - indices[i - 1] != step))
            throw ImportException.Unsupported($"its indices ({string.Join(", ", indices)}) are not at equal distances; only those a Slice can take are supported");
        int end = indices[^1] + Math.Sign(step);
        Draft slice = node.Add(new Slice([indices[0]], [end < 0 ? -x.Shape[axis] - 1 : end], [axis], [step]), x);
        int[] dims = Dims(node, axis);
        return [slice.Shape.Dims.SequenceEqual(dims) ? slice : node.Add(new Reshape(new(dims)), slice)];
    }

    /// <summary>The same on a constant.</summary>
    public static Tensor Fold(NodeContext node)
    {
        Tensor x = node.Constant(0);
        (int axis, int[] indices) = Read(node);
        int[] dims = Dims(node, axis);
        int length = Tensor.CheckedLength(dims, x.IsFloat);
        return x.IsFloat ? Tensor.Of(dims, Take(x.Floats)) : Tensor.Of(dims, Take(x.Integers));

        T[] Take<T>(T[] data)
        {
            int inner = x.Dims.Skip(axis + 1).Aggregate(1, (a, b) => a * b), size = x.Dims[axis], to = 0;
            T[] taken = new T[length];
            for (int outer = 0; to < length; outer++)
            {
                foreach (int index in indices)
                {
                    Array.Copy(data, ((outer * size) + index) * inner, taken, to, inner);
                    to += inner;
                }
            }

            return taken;
        }
    }

    private static (int Axis, int[] Indices) Read(NodeContext node)
    {
        TensorShape x = node.Shape(0);
        int axis = x.Axis(node.Int("axis", 0)), size = x[axis];
        int[] indices = [.. node.Constant(1).Integers.Select(i => i >= -size && i < size
            ? (int)(i < 0 ? i + size : i)
            : throw new ImportException($"the index {i} is outside the {size} elements of dimension {axis} of {x}"))];
        return (axis, indices);
    }

    private static int[] Dims(NodeContext node, int axis)
    {
        TensorShape x = node.Shape(0);
        return [.. x.Dims.Take(axis), .. node.Constant(1).Dims, .. x.Dims.Skip(axis + 1)];
    }
}
