using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Onnx;

namespace CnnCodegen.Tool.Tensors;

/// <summary>NumPy's file format for one array, versions 1 to 3: little-endian numbers in row-major (C) order.</summary>
internal static partial class NpyFile
{
    private const int PrefixBytes = 8, Alignment = 64;

    /// <summary>Reads an array as float32, to which wider numbers are rounded.</summary>
    /// <exception cref="TensorFileException">It is malformed, or an array of another kind.</exception>
    public static Tensor Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < PrefixBytes + 2 || file[0] != 0x93 || !file[1..6].SequenceEqual("NUMPY"u8))
            throw new TensorFileException("this is no .npy file; write it with numpy.save");
        int version = file[6];
        if (version is < 1 or > 3) throw new TensorFileException($"the .npy version is {version}; versions 1 to 3 are supported");
        int begin = PrefixBytes + (version == 1 ? sizeof(ushort) : sizeof(uint));
        if (file.Length < begin) throw Truncated();
        uint length = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(file[PrefixBytes..]) : BinaryPrimitives.ReadUInt32LittleEndian(file[PrefixBytes..]);
        if (length > file.Length - begin) throw Truncated();
        string header = Encoding.Latin1.GetString(file.Slice(begin, (int)length));
        return Read(header, file[(begin + (int)length)..]);
    }

    /// <summary>Writes float32, version 1.</summary>
    public static void Write(Stream stream, IReadOnlyList<int> dims, ReadOnlySpan<float> data)
    {
        string shape = string.Join(", ", dims.Select(d => d.ToString(CultureInfo.InvariantCulture))) + (dims.Count == 1 ? "," : "");
        string header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({shape}), }}";
        int start = PrefixBytes + sizeof(ushort);
        int length = ((start + header.Length + 1 + Alignment - 1) / Alignment * Alignment) - start;
        Span<byte> prefix = [0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)];
        stream.Write(prefix);
        stream.Write(Encoding.Latin1.GetBytes(header.PadRight(length - 1) + "\n"));
        stream.Write(MemoryMarshal.AsBytes(data));
    }

    private static Tensor Read(string header, ReadOnlySpan<byte> data)
    {
        Match match = Header().Match(header);
        if (!match.Success) throw new TensorFileException($"the .npy header '{header.Trim()}' is not understood; simple arrays of numbers are supported");
        if (match.Groups["fortran"].Value == "True") throw new TensorFileException("the array is in Fortran order; save numpy.ascontiguousarray(x)");
        string type = match.Groups["descr"].Value;
        int width = Width(type);
        List<int> dims = [];
        foreach (Capture dim in match.Groups["dim"].Captures)
            dims.Add(int.TryParse(dim.Value, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : throw TooLarge());
        long elements;
        try
        {
            elements = TensorShape.Of([.. dims]).Elements;
        }
        catch (OverflowException)
        {
            throw TooLarge();
        }

        if (elements > TensorShape.MaxElements) throw TooLarge();
        if (data.Length != elements * width)
            throw new TensorFileException($"it holds {data.Length} bytes of data; {TensorShape.Of([.. dims])} of {type} needs {elements * width}");
        float[] values = new float[elements];
        for (int i = 0; i < values.Length; i++) values[i] = Element(type, data.Slice(i * width, width));
        return Tensor.Of([.. dims], values);

        TensorFileException TooLarge() => new($"its shape ({string.Join(", ", match.Groups["dim"].Captures)}) is larger than {TensorShape.MaxElements} elements");
    }

    private static int Width(string type) => type switch
    {
        "|b1" or "|u1" or "|i1" => 1,
        "<f2" or "<u2" or "<i2" => 2,
        "<f4" or "<u4" or "<i4" => 4,
        "<f8" or "<u8" or "<i8" => 8,
        ['>', ..] => throw new TensorFileException($"its numbers are big-endian ('{type}'); save x.astype('<f4')"),
        _ => throw new TensorFileException($"its elements are '{type}'; numbers and bool are supported; save x.astype('<f4')"),
    };

    private static float Element(string type, ReadOnlySpan<byte> b) => type switch
    {
        "<f4" => BinaryPrimitives.ReadSingleLittleEndian(b),
        "<f8" => Exact(BinaryPrimitives.ReadDoubleLittleEndian(b)),
        "<f2" => (float)BinaryPrimitives.ReadHalfLittleEndian(b),
        "<u8" => ExactInteger(BinaryPrimitives.ReadUInt64LittleEndian(b)),
        "<i8" => ExactInteger(BinaryPrimitives.ReadInt64LittleEndian(b)),
        "<u4" => ExactInteger(BinaryPrimitives.ReadUInt32LittleEndian(b)),
        "<i4" => ExactInteger(BinaryPrimitives.ReadInt32LittleEndian(b)),
        "<u2" => BinaryPrimitives.ReadUInt16LittleEndian(b),
        "<i2" => BinaryPrimitives.ReadInt16LittleEndian(b),
        "|i1" => (sbyte)b[0],
        _ => b[0],
    };

    private static float Exact(double value) =>
        double.IsNaN(value) || (float)value == value ? (float)value : throw Inexact(string.Create(CultureInfo.InvariantCulture, $"{value}"));

    private static float ExactInteger(Int128 value) =>
        (Int128)(float)value == value ? (float)value : throw Inexact(string.Create(CultureInfo.InvariantCulture, $"{value}"));

    private static TensorFileException Inexact(string value) => new($"the value {value} is not a float32; save x.astype('<f4')");

    private static TensorFileException Truncated() => new("the .npy file is truncated: its header does not fit");

    [GeneratedRegex(
        @"^\s*\{\s*'descr':\s*'(?<descr>[^']*)',\s*'fortran_order':\s*(?<fortran>True|False),\s*'shape':\s*\((?:\s*(?<dim>\d+)L?\s*,?)*\s*\),?\s*\}\s*$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Header();
}
