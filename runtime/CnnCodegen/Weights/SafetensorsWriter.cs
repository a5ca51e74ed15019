using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnCodegen.Weights;

/// <summary>Writes safetensors files: the same tensors in the same order give the same bytes.</summary>
public static class SafetensorsWriter
{
    private const int Alignment = 8;

    /// <summary>Writes a file of float32 tensors, whole or not at all: a temporary file beside it takes its place when it is complete.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">Names, shapes and row-major elements, in the order they are to be stored in.</param>
    /// <exception cref="ArgumentException">A name is given twice or is reserved, or a length differs from its shape.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<(string Name, int[] Shape, ReadOnlyMemory<float> Data)> tensors) => Write(path, Stored(tensors));

    /// <summary>Writes a file, whole or not at all: a temporary file beside it takes its place when it is complete.</summary>
    /// <param name="path">The file; an existing one is replaced.</param>
    /// <param name="tensors">The tensors, in the order they are to be stored in.</param>
    /// <exception cref="ArgumentException">A name is given twice or is reserved.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, IEnumerable<StoredTensor> tensors)
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

    /// <summary>Writes float32 tensors to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tensors">Names, shapes and row-major elements, in the order they are to be stored in.</param>
    /// <exception cref="ArgumentException">A name is given twice or is reserved, or a length differs from its shape.</exception>
    public static void Write(Stream stream, IEnumerable<(string Name, int[] Shape, ReadOnlyMemory<float> Data)> tensors) => Write(stream, Stored(tensors));

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="tensors">The tensors, in the order they are to be stored in.</param>
    /// <exception cref="ArgumentException">A name is given twice or is reserved.</exception>
    public static void Write(Stream stream, IEnumerable<StoredTensor> tensors)
    {
        if (!BitConverter.IsLittleEndian) throw new PlatformNotSupportedException("Weight files are little-endian; big-endian machines are not supported.");
        StoredTensor[] all = [.. tensors];
        stream.Write(Header(all));
        foreach (StoredTensor tensor in all) tensor.WriteTo(stream);
    }

    private static IEnumerable<StoredTensor> Stored(IEnumerable<(string Name, int[] Shape, ReadOnlyMemory<float> Data)> tensors) =>
        tensors.Select(tensor => new StoredTensor(tensor.Name, tensor.Shape, tensor.Data));

    private static ReadOnlySpan<byte> Header(StoredTensor[] tensors)
    {
        ArrayBufferWriter<byte> buffer = new();
        buffer.GetSpan(Alignment)[..Alignment].Clear();
        buffer.Advance(Alignment);
        using (Utf8JsonWriter json = new(buffer))
        {
            HashSet<string> names = new(StringComparer.Ordinal) { SafetensorsHeader.MetadataKey };
            long offset = 0;
            json.WriteStartObject();
            foreach (StoredTensor tensor in tensors)
            {
                if (!names.Add(tensor.Name)) throw new ArgumentException($"tensor '{tensor.Name}' is given twice, or its name is reserved", nameof(tensors));
                WriteEntry(json, tensor, offset, offset + tensor.Bytes);
                offset += tensor.Bytes;
            }
            json.WriteEndObject();
        }
        while (buffer.WrittenCount % Alignment != 0) buffer.Write(" "u8);

        Span<byte> header = MemoryMarshal.AsMemory(buffer.WrittenMemory).Span;
        BinaryPrimitives.WriteInt64LittleEndian(header, header.Length - Alignment);
        return header;
    }

    private static void WriteEntry(Utf8JsonWriter json, StoredTensor tensor, long begin, long end)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Dtype);
        json.WriteStartArray("shape");
        foreach (int dimension in tensor.Shape) json.WriteNumberValue(dimension);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(end);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
