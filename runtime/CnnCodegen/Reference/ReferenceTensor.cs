namespace CnnCodegen.Reference;

/// <summary>
/// A dense tensor of doubles in row-major order: the value type of the naive operators in this namespace, which define
/// what each layer computes and judge what the compiled kernels compute.
/// </summary>
public sealed class ReferenceTensor
{
    /// <param name="shape">The dimensions; empty for a scalar.</param>
    /// <param name="data">The elements in row-major order; kept, not copied.</param>
    /// <exception cref="ArgumentException">The number of elements is not the product of the dimensions.</exception>
    public ReferenceTensor(int[] shape, double[] data)
    {
        if (shape.Any(d => d < 0) || Count(shape) != data.Length)
            throw new ArgumentException($"a tensor of shape {Text(shape)} does not have {data.Length} elements", nameof(data));
        Shape = shape;
        Data = data;
    }

    /// <summary>The dimensions, batch first.</summary>
    public int[] Shape { get; }

    /// <summary>The elements in row-major order.</summary>
    public double[] Data { get; }

    /// <summary>Number of dimensions.</summary>
    public int Rank => Shape.Length;

    /// <summary>Elements per image and channel: the product of the dimensions behind the first two.</summary>
    public int Plane => (int)Count(Shape.AsSpan(Math.Min(2, Rank)));

    /// <summary>The element at one index per dimension.</summary>
    public double this[params ReadOnlySpan<int> index] => Data[Offset(index)];

    /// <summary>A tensor of zeros.</summary>
    public static ReferenceTensor Zeros(params int[] shape) => new(shape, new double[Count(shape)]);

    /// <summary>Widens float32 elements, exactly.</summary>
    /// <exception cref="ArgumentException">The number of elements is not the product of the dimensions.</exception>
    public static ReferenceTensor FromSingle(ReadOnlySpan<float> data, params int[] shape)
    {
        double[] wide = new double[data.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = data[i];
        return new ReferenceTensor(shape, wide);
    }

    /// <summary>The tensor whose element at index <c>i</c> is <c>element(i)</c>. The index array is reused between the calls.</summary>
    public static ReferenceTensor Generate(int[] shape, Func<int[], double> element)
    {
        ReferenceTensor result = Zeros(shape);
        int i = 0;
        foreach (int[] index in Indices(shape)) result.Data[i++] = element(index);
        return result;
    }

    /// <summary>The elements rounded to float32.</summary>
    public float[] ToSingle() => Array.ConvertAll(Data, x => (float)x);

    /// <summary>The same elements under another shape.</summary>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public ReferenceTensor Reshape(params int[] shape) => new(shape, Data);

    /// <summary>A function of every element.</summary>
    public ReferenceTensor Map(Func<double, double> function) => new(Shape, Array.ConvertAll(Data, x => function(x)));

    /// <summary>Resolves a negative axis.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis is outside the rank.</exception>
    internal int Axis(int axis)
    {
        int resolved = axis < 0 ? axis + Rank : axis;
        return resolved >= 0 && resolved < Rank ? resolved
            : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"the tensor of shape {Text(Shape)} has no such dimension");
    }

    /// <summary>Every index of a shape in row-major order. The array is reused between the steps.</summary>
    internal static IEnumerable<int[]> Indices(int[] shape)
    {
        int[] index = new int[shape.Length];
        for (long left = Count(shape); left > 0; left--)
        {
            yield return index;
            for (int axis = index.Length - 1; axis >= 0 && ++index[axis] == shape[axis]; axis--) index[axis] = 0;
        }
    }

    internal static long Count(ReadOnlySpan<int> shape)
    {
        long product = 1;
        foreach (int dim in shape) product *= dim;
        return product;
    }

    internal static string Text(int[] shape) => shape.Length == 0 ? "scalar" : string.Join('x', shape);

    private int Offset(ReadOnlySpan<int> index)
    {
        int offset = 0;
        for (int axis = 0; axis < Rank; axis++) offset = (offset * Shape[axis]) + index[axis];
        return offset;
    }
}
