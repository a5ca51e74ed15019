using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>Concat.</summary>
internal static class Concats
{
    public static IReadOnlyList<Value> Import(NodeContext node)
    {
        Draft[] inputs = [.. Enumerable.Range(0, node.InputCount).Select(node.Computed)];
        return [inputs.Length == 1 ? inputs[0] : node.Add(Read(node), inputs)];
    }

    /// <summary>The same on constants.</summary>
    public static Tensor Fold(NodeContext node)
    {
        Tensor[] inputs = [.. Enumerable.Range(0, node.InputCount).Select(node.Constant)];
        TensorShape[] shapes = [.. inputs.Select(i => i.Shape)];
        Concat layer = (Concat)Read(node).Resolve(shapes);
        TensorShape result = layer.InferShape(shapes);
        int length = Tensor.CheckedLength(result.Dims, inputs[0].IsFloat);
        return inputs[0].IsFloat
            ? Tensor.Of(result.Dims.ToArray(), Join(inputs, i => i.Floats))
            : Tensor.Of(result.Dims.ToArray(), Join(inputs, i => i.Integers));

        T[] Join<T>(Tensor[] parts, Func<Tensor, T[]> data)
        {
            T[] joined = new T[length];
            int rows = result.Dims.Take(layer.Axis).Aggregate(1, (a, b) => a * b), to = 0;
            for (int row = 0; row < rows; row++)
            {
                foreach (Tensor part in parts)
                {
                    int count = part.Length / rows;
                    data(part).AsSpan(row * count, count).CopyTo(joined.AsSpan(to));
                    to += count;
                }
            }

            return joined;
        }
    }

    private static Concat Read(NodeContext node) => new(node.InputCount, node.Node.Has("axis") ? node.Int("axis", 0) : throw new ImportException("it has no axis"));
}
