namespace CnnCodegen.Reference;

/// <summary>Operators that only move elements.</summary>
public static class Movement
{
    /// <summary>Output dimension i is input dimension <c>perm[i]</c>.</summary>
    public static ReferenceTensor Transpose(ReferenceTensor x, params int[] perm)
    {
        int[] source = new int[x.Rank];
        return ReferenceTensor.Generate([.. perm.Select(p => x.Shape[p])], i =>
        {
            for (int axis = 0; axis < perm.Length; axis++) source[perm[axis]] = i[axis];
            return x[source];
        });
    }

    /// <summary>Joins tensors along <paramref name="axis"/> (negative: from the last); their other dimensions are equal.</summary>
    public static ReferenceTensor Concat(int axis, params IReadOnlyList<ReferenceTensor> tensors)
    {
        int joined = tensors[0].Axis(axis);
        int[] shape = [.. tensors[0].Shape];
        shape[joined] = tensors.Sum(t => t.Shape[joined]);
        return ReferenceTensor.Generate(shape, i =>
        {
            int[] source = [.. i];
            int tensor = 0;
            while (source[joined] >= tensors[tensor].Shape[joined]) source[joined] -= tensors[tensor++].Shape[joined];
            return tensors[tensor][source];
        });
    }

    /// <summary><c>y[i] = x[starts + i * steps]</c>, <paramref name="counts"/> elements of each dimension.</summary>
    public static ReferenceTensor Slice(ReferenceTensor x, int[] starts, int[] counts, int[] steps) =>
        ReferenceTensor.Generate(counts, i => x[[.. i.Select((o, axis) => starts[axis] + (o * steps[axis]))]]);

    /// <summary>Adds <paramref name="value"/> around the tensor; a negative pad cuts.</summary>
    public static ReferenceTensor PadConstant(ReferenceTensor x, int[] begin, int[] end, double value) =>
        Pad(x, begin, end, (o, size) => o >= 0 && o < size ? o : null, value);

    /// <summary>Mirrors the tensor at its edges without repeating them; a negative pad cuts.</summary>
    public static ReferenceTensor PadReflect(ReferenceTensor x, int[] begin, int[] end) =>
        Pad(x, begin, end, (o, size) => o < 0 ? -o : o < size ? o : (2 * (size - 1)) - o, double.NaN);

    /// <summary>Repeats the elements at the edges; a negative pad cuts.</summary>
    public static ReferenceTensor PadEdge(ReferenceTensor x, int[] begin, int[] end) =>
        Pad(x, begin, end, (o, size) => Math.Clamp(o, 0, size - 1), double.NaN);

    /// <param name="x">The input.</param>
    /// <param name="begin">Elements before the first of each dimension.</param>
    /// <param name="end">Elements behind the last of each dimension.</param>
    /// <param name="source">Maps a position relative to the input, and the input's size, to the position to copy, or null for the value.</param>
    /// <param name="value">What stands where nothing is copied.</param>
    private static ReferenceTensor Pad(ReferenceTensor x, int[] begin, int[] end, Func<int, int, int?> source, double value)
    {
        int[] shape = [.. x.Shape.Select((size, axis) => size + begin[axis] + end[axis])];
        return ReferenceTensor.Generate(shape, i =>
        {
            int[] position = new int[x.Rank];
            for (int axis = 0; axis < position.Length; axis++)
            {
                if (source(i[axis] - begin[axis], x.Shape[axis]) is not { } p) return value;
                position[axis] = p;
            }

            return x[position];
        });
    }
}
