using System.Runtime.InteropServices;

namespace CnnCodegen.Weights;

/// <summary>One tensor to be written to a safetensors file.</summary>
public sealed class StoredTensor
{
    private const int Chunk = 1 << 20;

    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly ReadOnlyMemory<float> _floats;

    /// <summary>A tensor of any type.</summary>
    /// <param name="name">Its name, unique in the file.</param>
    /// <param name="dtype">Its element type as the file spells it, for example <c>U8</c>.</param>
    /// <param name="shape">Its dimensions; empty for a scalar.</param>
    /// <param name="bytes">Its elements in row-major order, little-endian.</param>
    /// <exception cref="ArgumentException">The format has no such type, or the length differs from the shape.</exception>
    public StoredTensor(string name, string dtype, IReadOnlyList<int> shape, ReadOnlyMemory<byte> bytes)
    {
        (Name, Dtype, Shape, _bytes) = (name, dtype, shape, bytes);
        int bits = SafetensorsTensor.BitsOf(dtype);
        if (bits == 0) throw new ArgumentException($"tensor '{name}': dtype '{dtype}' is unknown", nameof(dtype));
        if (Elements(shape) * bits != bytes.Length * 8L)
            throw new ArgumentException($"tensor '{name}': {bytes.Length} bytes given, but it is {dtype} [{string.Join(", ", shape)}]", nameof(bytes));
    }

    /// <summary>A float32 tensor.</summary>
    /// <param name="name">Its name, unique in the file.</param>
    /// <param name="shape">Its dimensions; empty for a scalar.</param>
    /// <param name="elements">Its elements in row-major order.</param>
    /// <exception cref="ArgumentException">The length differs from the shape.</exception>
    public StoredTensor(string name, IReadOnlyList<int> shape, ReadOnlyMemory<float> elements)
    {
        (Name, Dtype, Shape, _floats) = (name, "F32", shape, elements);
        if (Elements(shape) != elements.Length)
            throw new ArgumentException($"tensor '{name}': {elements.Length} elements given, but its shape is [{string.Join(", ", shape)}]", nameof(elements));
    }

    /// <summary>Its name, unique in the file.</summary>
    public string Name { get; }

    /// <summary>Its element type as the file spells it.</summary>
    public string Dtype { get; }

    /// <summary>Its dimensions; empty for a scalar.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>How many bytes its elements take.</summary>
    public long Bytes => _bytes.Length + (long)_floats.Length * sizeof(float);

    /// <summary>Writes the elements.</summary>
    internal void WriteTo(Stream stream)
    {
        stream.Write(_bytes.Span);
        for (int i = 0; i < _floats.Length; i += Chunk)
            stream.Write(MemoryMarshal.AsBytes(_floats.Span[i..Math.Min(_floats.Length, i + Chunk)]));
    }

    /// <summary>The product of the dimensions; -1 where it is more than memory can hold or a dimension is negative.</summary>
    private static long Elements(IReadOnlyList<int> shape)
    {
        long elements = 1;
        foreach (int dimension in shape)
        {
            if (dimension < 0) return -1;
            elements *= dimension;
            if (elements > int.MaxValue) return -1;
        }
        return elements;
    }
}
