using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Import.Folding;

/// <summary>Element-wise operators and reductions on constants, with NumPy broadcasting.</summary>
internal static class Arithmetic
{
    public static Tensor Unary(NodeContext node, Func<float, float> floats, Func<long, long> integers)
    {
        Tensor x = node.Constant(0);
        return x.IsFloat ? Tensor.Of(x.Dims, x.Floats.Select(floats).ToArray()) : Tensor.Of(x.Dims, x.Integers.Select(integers).ToArray());
    }

    public static Tensor Binary(NodeContext node, Func<float, float, float> floats, Func<long, long, long> integers)
    {
        Tensor result = node.Constant(0);
        for (int i = 1; i < node.InputCount; i++)
        {
            (Tensor a, Tensor b) = Broadcast(result, node.Constant(i));
            result = a.IsFloat ? Tensor.Of(a.Dims, Zip(a.Floats, b.Floats, floats)) : Tensor.Of(a.Dims, Zip(a.Integers, b.Integers, integers));
        }

        return result;
    }

    public static Tensor Compare(NodeContext node, Func<float, float, bool> floats, Func<long, long, bool> integers)
    {
        (Tensor a, Tensor b) = Broadcast(node.Constant(0), node.Constant(1));
        return Tensor.Of(a.Dims, a.IsFloat
            ? Zip(a.Floats, b.Floats, (x, y) => floats(x, y) ? 1L : 0)
            : Zip(a.Integers, b.Integers, (x, y) => integers(x, y) ? 1L : 0));
    }

    public static Tensor Where(NodeContext node)
    {
        (Tensor a, Tensor b) = Broadcast(node.Constant(1), node.Constant(2));
        (Tensor condition, a) = Broadcast(node.Constant(0), a);
        (condition, b) = Broadcast(condition, b);
        long[] choice = condition.Integers;
        return a.IsFloat ? Tensor.Of(a.Dims, Choose(a.Floats, b.Floats)) : Tensor.Of(a.Dims, Choose(a.Integers, b.Integers));

        T[] Choose<T>(T[] yes, T[] no) => [.. choice.Select((c, i) => c != 0 ? yes[i] : no[i])];
    }

    /// <summary>ReduceProd over all dimensions, which is how exporters count elements.</summary>
    public static Tensor Product(NodeContext node)
    {
        Tensor x = node.Constant(0);
        int[] axes = node.Ints("axes", 1) ?? [];
        if (axes.Length != 0 && axes.Select(x.Shape.Axis).Distinct().Count() != x.Dims.Length)
            throw ImportException.Unsupported("it reduces some of the dimensions of a constant; only all of them are supported");
        int[] dims = node.Int("keepdims", 1) != 0 ? [.. x.Dims.Select(_ => 1)] : [];
        return x.IsFloat
            ? Tensor.Of(dims, [x.Floats.Aggregate(1f, (a, b) => a * b)])
            : Tensor.Of(dims, [x.Integers.Aggregate(1L, (a, b) => a * b)]);
    }

    public static long Divide(long a, long b) => b switch
    {
        0 => throw new ImportException("it divides an integer by zero"),
        -1 => -a,
        _ => a / b,
    };

    private static (Tensor A, Tensor B) Broadcast(Tensor a, Tensor b)
    {
        TensorShape shape = TensorShape.Broadcast(a.Shape, b.Shape);
        return (Expand(a, shape), Expand(b, shape));
    }

    private static Tensor Expand(Tensor x, TensorShape shape) =>
        x.Shape == shape ? x : x.Strided(shape.Dims.ToArray(), 0, x.Shape.BroadcastStrides(shape));

    private static TResult[] Zip<T, TResult>(T[] a, T[] b, Func<T, T, TResult> function)
    {
        TResult[] result = new TResult[a.Length];
        for (int i = 0; i < result.Length; i++) result[i] = function(a[i], b[i]);
        return result;
    }
}
