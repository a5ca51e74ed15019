using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnCodegen.Weights;

/// <summary>Writes safetensors files: the same tensors in the same order give the same bytes.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;
    private const int Chunk = 1 << 20;

    /// <summary>Writes a file, whole or not at all: a temporary file beside it takes its place when it is complete.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">Names, shapes and row-major elements, in the order they are to be stored in.</param>
    /// <exception cref="ArgumentException">A name is given twice or is reserved, or a length differs from its shape.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<(string Name, int[] Shape, ReadOnlyMemory<float> Data)> tensors)
    {
        string full = Path.GetFullPath(path);
        string temporary = Path.Combine(Path.GetDirectoryName(full)!, Path.GetRandomFileName());
        try
        {
            using (FileStream stream = new(temporary, FileMode.CreateNew, FileAccess.Write))
            {
                Write(stream, tensors);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tensors">Names, shapes and row-major elements, in the order they are to be stored in.</param>
    /// <exception cref="ArgumentException">A name is given twice or is reserved, or a length differs from its shape.</exception>
    public static void Write(Stream stream, IEnumerable<(string Name, int[] Shape, ReadOnlyMemory<float> Data)> tensors)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Weight files are little-endian; big-endian machines are not supported.");
        (string Name, int[] Shape, ReadOnlyMemory<float> Data)[] all = [.. tensors];
        stream.Write(Header(all));
        foreach ((_, _, ReadOnlyMemory<float> data) in all)
            for (int i = 0; i < data.Length; i += Chunk)
                stream.Write(MemoryMarshal.AsBytes(data.Span[i..Math.Min(data.Length, i + Chunk)]));
    }

    private static ReadOnlySpan<byte> Header((string Name, int[] Shape, ReadOnlyMemory<float> Data)[] tensors)
    {
        ArrayBufferWriter<byte> buffer = new();
        buffer.GetSpan(Alignment)[..Alignment].Clear();
        buffer.Advance(Alignment);
        using (Utf8JsonWriter json = new(buffer))
        {
            HashSet<string> names = new(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
            long offset = 0;
            json.WriteStartObject();
            foreach ((string name, int[] shape, ReadOnlyMemory<float> data) in tensors)
            {
                if (!names.Add(name)) throw new ArgumentException($"tensor '{name}' is given twice, or its name is reserved", nameof(tensors));
                if (Elements(shape) != data.Length)
                    throw new ArgumentException($"tensor '{name}': {data.Length} elements given, but its shape is [{string.Join(", ", shape)}]", nameof(tensors));
                long end = offset + (long)data.Length * sizeof(float);
                WriteEntry(json, name, shape, offset, end);
                offset = end;
            }
            json.WriteEndObject();
        }
        while (buffer.WrittenCount % Alignment != 0) buffer.Write(" "u8);

        Span<byte> header = MemoryMarshal.AsMemory(buffer.WrittenMemory).Span;
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - Alignment);
        return header;
    }

    /// <summary>The product of the dimensions; null where it is more than memory can hold or a dimension is negative.</summary>
    private static int? Elements(int[] shape)
    {
        long elements = 1;
        foreach (int dimension in shape)
        {
            elements *= dimension;
            if (dimension < 0 || elements > int.MaxValue) return null;
        }
        return (int)elements;
    }

    private static void WriteEntry(Utf8JsonWriter json, string name, int[] shape, long begin, long end)
    {
        json.WriteStartObject(name);
        json.WriteString("dtype", "F32");
        json.WriteStartArray("shape");
        foreach (int dimension in shape) json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
