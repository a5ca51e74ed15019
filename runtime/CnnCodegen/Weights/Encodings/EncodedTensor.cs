using System.Runtime.InteropServices;

namespace CnnCodegen.Weights.Encodings;

/// <summary>A float32 tensor that lies in a file as other tensors, called NAME.PART.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">The tensor's name.</param>
/// <param name="Shape">The shape that it must have; the file does not say it.</param>
internal sealed record EncodedTensor(SafetensorsFile File, string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Number of elements.</summary>
    public int Elements { get; } = Product(Shape, 0);

    /// <summary>Number of output channels: the first dimension.</summary>
    public int Rows => Shape.Count == 0 ? 1 : Shape[0];

    /// <summary>Elements of one output channel.</summary>
    public int RowLength { get; } = Product(Shape, 1);

    public bool Has(string part) => File.Find(PartName(part)) is not null;

    /// <summary>The elements of a part of bytes, U8 or I8.</summary>
    public ReadOnlySpan<byte> Bytes(string part, string dtype = "U8") => File.Bytes(PartName(part), dtype);

    public ReadOnlySpan<float> Floats(string part) => File.Float32(PartName(part));

    /// <summary>The one element of a U32 part.</summary>
    public uint Number(string part) => MemoryMarshal.Read<uint>(Bytes(part, "U32"));

    public string PartName(string part) => Name + "." + part;

    /// <summary>What is wrong with the contents of a part.</summary>
    public WeightFileException Fault(string part, string problem) => new(File.Source, PartName(part), problem);

    private static int Product(IReadOnlyList<int> shape, int from)
    {
        int product = 1;
        for (int i = from; i < shape.Count; i++) product = checked(product * shape[i]);
        return product;
    }
}
