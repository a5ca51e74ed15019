using CnnCodegen.Weights;
using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Execution;

/// <summary>What a generated program packs its weights with: named tensors in, packed bytes out.</summary>
public sealed unsafe partial class WeightPacker
{
    private readonly SafetensorsFile _file;
    private readonly IReadOnlyList<TensorInfo> _expected;
    private readonly Dictionary<string, float[]> _decoded = [];
    private readonly byte* _destination;
    private readonly long _length;

    /// <summary>
    /// Checks that the file holds exactly the expected tensors, as they are or encoded; names that end in <c>.num_batches_tracked</c> are ignored.
    /// </summary>
    /// <param name="file">The tensors; it must outlive the packer.</param>
    /// <param name="expected">What the network reads: <see cref="NetworkInfo.Weights"/>.</param>
    /// <param name="destination">Where the packed weights go: 64-byte aligned and zeroed.</param>
    /// <param name="length">Bytes there: <see cref="NetworkInfo.WeightBytes"/>.</param>
    /// <exception cref="WeightFileException">Tensors are missing, surplus, or of the wrong type or shape; the message lists them.</exception>
    public WeightPacker(SafetensorsFile file, IReadOnlyList<TensorInfo> expected, byte* destination, long length)
    {
        WeightCheck.Compare(file, expected);
        _file = file;
        _expected = expected;
        _destination = destination;
        _length = length;
    }

    /// <summary>The elements of a tensor of the file, in row-major order; one that is encoded there is decoded.</summary>
    /// <param name="name">The full name, for example <c>conv1.weight</c>.</param>
    /// <exception cref="WeightFileException">The contents of an encoded tensor are malformed.</exception>
    public ReadOnlySpan<float> Tensor(string name) => _file.Find(name) is not null ? _file.Float32(name) : Decoded(name);

    private ReadOnlySpan<float> Decoded(string name)
    {
        if (_decoded.GetValueOrDefault(name) is { } kept) return kept;
        IReadOnlyList<int> shape = _expected.FirstOrDefault(tensor => tensor.Name == name)?.Shape ?? throw new WeightFileException(_file.Source, name, "is missing");
        float[] values = TensorEncodings.Read(_file, name, shape);
        // What is encoded belongs to a layer that promises its form: it is asked for once to check that, and again to be packed.
        _decoded.Add(name, values);
        return values;
    }

    /// <summary>A part of the packed weights. What is not written stays zero.</summary>
    /// <param name="byteOffset">Where it begins, a multiple of 64.</param>
    /// <param name="floats">Number of elements.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is misaligned or reaches beyond the packed weights.</exception>
    public Span<float> Packed(long byteOffset, int floats)
    {
        if (byteOffset < 0 || byteOffset % NativeBuffer.Alignment != 0 || floats < 0 || byteOffset > _length - ((long)floats * sizeof(float)))
            throw Outside(byteOffset, floats);
        return new Span<float>(_destination + byteOffset, floats);
    }

    private ArgumentOutOfRangeException Outside(long byteOffset, int floats) =>
        new(nameof(byteOffset), byteOffset, $"{floats} elements must lie within {_length} bytes of packed weights, from a multiple of {NativeBuffer.Alignment} on");

    /// <summary>Where the next part begins behind so many floats, in bytes.</summary>
    private static long Aligned(long floats) =>
        ((floats * sizeof(float)) + NativeBuffer.Alignment - 1) / NativeBuffer.Alignment * NativeBuffer.Alignment;

    /// <summary>The batch norm of that name as a scale and a shift per channel, in double precision.</summary>
    /// <param name="prefix">Its name, before <c>.weight</c>, <c>.bias</c>, <c>.running_mean</c> and <c>.running_var</c>.</param>
    /// <param name="epsilon">Added to the variance.</param>
    public FoldedNorm Norm(string prefix, float epsilon) =>
        FoldedNorm.Of(Tensor(prefix + ".weight"), Tensor(prefix + ".bias"), Tensor(prefix + ".running_mean"), Tensor(prefix + ".running_var"), epsilon);
}
