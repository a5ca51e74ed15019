using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CnnCodegen.Weights;

namespace CnnCodegen.Runtime.Tests.Weights;

/// <summary>Makes safetensors files, well-formed and not.</summary>
internal static class Safetensors
{
    /// <summary>A file as the writer makes it.</summary>
    public static byte[] Write(params (string Name, int[] Shape, ReadOnlyMemory<float> Data)[] tensors)
    {
        using MemoryStream stream = new();
        SafetensorsWriter.Write(stream, tensors);
        return stream.ToArray();
    }

    /// <summary>A file with this header, whatever it says, and so many zero bytes of data.</summary>
    public static byte[] Raw(string header, int dataBytes) => Raw(Encoding.UTF8.GetBytes(header), dataBytes);

    public static byte[] Raw(byte[] header, int dataBytes)
    {
        byte[] file = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(file, header.Length);
        header.CopyTo(file, 8);
        return file;
    }

    public static SafetensorsFile Read(byte[] file) => SafetensorsFile.Read(new MemoryStream(file), "test.safetensors");

    public static float[] Random(int length, int seed)
    {
        float[] values = new float[length];
        new Random(seed).NextBytes(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
