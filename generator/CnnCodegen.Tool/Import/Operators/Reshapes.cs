using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Operators;

/// <summary>The operators that keep the elements and their order: Reshape, Flatten, Squeeze, Unsqueeze.</summary>
internal static class Reshapes
{
    public static IReadOnlyList<Value> Import(NodeContext node)
    {
        Draft x = node.Computed(0);
        Reshape layer = (Reshape)Read(node).Resolve([x.Shape]);
        return [layer.Dims == x.Shape.Dims ? x : node.Add(layer, x)];
    }

    /// <summary>The same on a constant.</summary>
    public static Tensor Fold(NodeContext node)
    {
        Tensor x = node.Constant(0);
        Reshape layer = (Reshape)Read(node).Resolve([x.Shape]);
        _ = layer.InferShape([x.Shape]);
        return x.As(layer.Dims.ToArray());
    }

    private static Layer Read(NodeContext node) => node.Node.OpType switch
    {
        "Flatten" => new Flatten(node.Int("axis", 1)),
        "Squeeze" => new Reshape(new(Squeezed(node.Shape(0), node.Ints("axes", 1)))),
        "Unsqueeze" => new Reshape(new(Unsqueezed(node.Shape(0), node.Ints("axes", 1) ?? throw new ImportException("it has no axes")))),
        _ => new Reshape(new(Target(node))),
    };

    private static int[] Target(NodeContext node)
    {
        int[] dims = node.Ints("shape", 1) ?? throw new ImportException("it has no shape");
        if (node.Int("allowzero", 0) != 0 && dims.Contains(0)) throw ImportException.Unsupported("its result would be empty (allowzero)");
        return dims;
    }

    private static int[] Squeezed(TensorShape x, int[]? axes)
    {
        int[] dropped = axes?.Select(x.Axis).ToArray() ?? [.. Enumerable.Range(0, x.Rank).Where(i => x[i] == 1)];
        if (dropped.FirstOrDefault(axis => x[axis] != 1, -1) is >= 0 and int wrong)
            throw new ImportException($"dimension {wrong} of {x} is not 1, and cannot be squeezed away");
        return [.. x.Dims.Where((_, i) => !dropped.Contains(i))];
    }

    private static int[] Unsqueezed(TensorShape x, int[] axes)
    {
        int rank = x.Rank + axes.Length;
        HashSet<int> inserted = [.. axes.Select(a => a < 0 ? a + rank : a)];
        if (inserted.Count != axes.Length || inserted.Any(a => a < 0 || a >= rank))
            throw new ImportException($"the axes ({string.Join(", ", axes)}) must be different dimensions of a tensor of rank {rank}");
        Queue<int> dims = new(x.Dims);
        return [.. Enumerable.Range(0, rank).Select(i => inserted.Contains(i) ? 1 : dims.Dequeue())];
    }
}
