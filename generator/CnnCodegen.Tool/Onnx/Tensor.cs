using CnnCodegen.Generator.Model;

namespace CnnCodegen.Tool.Onnx;

/// <summary>
/// A constant: float32, or integers (every integer type and bool, as int64). Row-major.
/// </summary>
internal sealed class Tensor
{
    /// <summary>Integers are shapes and positions, so many of them are a mistake.</summary>
    private const int MaxIntegers = 1 << 24;

    private Tensor(int[] dims, float[]? floats, long[]? integers) => (Dims, FloatData, IntegerData) = (dims, floats, integers);

    public int[] Dims { get; }

    /// <summary>The file's type where it is an integer of 8 bits; elsewhere nothing depends on it.</summary>
    public DataType Type { get; init; }

    /// <summary>Set where the elements are codes of 8 bits times scales.</summary>
    public ChannelScales? Scales { get; init; }

    public bool IsFloat => FloatData is not null;

    public int Length => FloatData?.Length ?? IntegerData!.Length;

    public TensorShape Shape => TensorShape.Of(Dims);

    /// <exception cref="ImportException">The tensor holds integers.</exception>
    public float[] Floats => FloatData ?? throw new ImportException("a tensor of integers stands where float32 is needed");

    /// <exception cref="ImportException">The tensor holds floats.</exception>
    public long[] Integers => IntegerData ?? throw new ImportException("a tensor of floats stands where integers are needed");

    private float[]? FloatData { get; }

    private long[]? IntegerData { get; }

    public static Tensor Of(int[] dims, float[] data) => new(dims, data, null);

    /// <summary>Codes times scales.</summary>
    public static Tensor Of(int[] dims, float[] data, ChannelScales? scales) => new(dims, data, null) { Scales = scales };

    /// <summary>Integers of a type of the file.</summary>
    public static Tensor Of(int[] dims, long[] data, DataType type) => new(dims, null, data) { Type = type };

    public static Tensor Of(int[] dims, long[] data) => new(dims, null, data);

    /// <summary>A vector.</summary>
    public static Tensor Of(params long[] data) => new([data.Length], null, data);

    /// <summary>The only element.</summary>
    public static Tensor Scalar(float value) => new([], [value], null);

    /// <summary>A tensor of one repeated element.</summary>
    public static Tensor Filled(int[] dims, float value)
    {
        float[] data = new float[CheckedLength(dims, isFloat: true)];
        Array.Fill(data, value);
        return Of(dims, data);
    }

    /// <inheritdoc cref="Filled(int[], float)"/>
    public static Tensor Filled(int[] dims, long value)
    {
        long[] data = new long[CheckedLength(dims, isFloat: false)];
        Array.Fill(data, value);
        return Of(dims, data);
    }

    /// <summary>Whether one is the other under another shape.</summary>
    public bool SharesData(Tensor other) => FloatData == other.FloatData && IntegerData == other.IntegerData;

    /// <summary>As floats, whatever the type.</summary>
    public Tensor ToFloats() => IsFloat ? this : Of(Dims, Array.ConvertAll(Integers, i => (float)i));

    /// <summary>As the floats that equal the elements.</summary>
    /// <exception cref="ImportException">An integer is no float32.</exception>
    public Tensor ToExactFloats()
    {
        Tensor floats = ToFloats();
        for (int i = 0; i < floats.Length && !IsFloat; i++)
            if ((Int128)floats.Floats[i] != Integers[i]) throw new ImportException($"the integer {Integers[i]} is no float32; those of up to 2^24 are");
        return floats;
    }

    /// <summary>The same data under another shape of as many elements.</summary>
    public Tensor As(params int[] dims) => new(dims, FloatData, IntegerData) { Type = Type };

    /// <summary>
    /// Element (i, j, ...) of the result is the element <paramref name="offset"/> + i * strides[0] + j * strides[1] + ... of this tensor.
    /// </summary>
    public Tensor Strided(int[] dims, int offset, int[] strides)
    {
        int length = CheckedLength(dims, IsFloat);
        return IsFloat ? Of(dims, Copy(FloatData!)) : Of(dims, Copy(IntegerData!), Type);

        T[] Copy<T>(T[] source)
        {
            T[] result = new T[length];
            int[] position = new int[dims.Length];
            int from = offset;
            for (int i = 0; i < result.Length; i++)
            {
                result[i] = source[from];
                for (int axis = dims.Length - 1; axis >= 0; axis--)
                {
                    from += strides[axis];
                    if (++position[axis] < dims[axis]) break;
                    from -= strides[axis] * dims[axis];
                    position[axis] = 0;
                }
            }

            return result;
        }
    }

    /// <summary>Number of elements, to be asked before they are allocated.</summary>
    /// <exception cref="ImportException">A dimension is negative, or the tensor is too large.</exception>
    public static int CheckedLength(IReadOnlyList<int> dims, bool isFloat)
    {
        long length = 1, limit = isFloat ? TensorShape.MaxElements : MaxIntegers;
        foreach (int dim in dims)
        {
            if (dim < 0) throw new ImportException($"a dimension is {dim}; dimensions are not negative");
            length *= Math.Max(1, dim);
            if (length > limit)
                throw new ImportException($"a tensor of {string.Join("x", dims)} {(isFloat ? "floats" : "integers")} is larger than {limit} elements");
        }

        return dims.Contains(0) ? 0 : (int)length;
    }
}

/// <summary>Each element is a code from -128 to 127 times the scale of its index along an axis.</summary>
/// <param name="Axis">The axis; -1 where one scale is for all.</param>
/// <param name="Values">The scale of each index.</param>
internal sealed record ChannelScales(int Axis, float[] Values);
