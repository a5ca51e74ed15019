using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnCodegen.Examples.Training;

/// <summary>Writes float32 tensors in the safetensors format: the length of a JSON header, the header, the data.</summary>
internal static class SafetensorsFile
{
    public static void Write(string path, IReadOnlyList<Parameter<float>> parameters)
    {
        long offset = 0;
        var header = new Dictionary<string, object>();
        foreach (var parameter in parameters)
        {
            long end = offset + 4L * parameter.Values.Length;
            header[parameter.Name] = new { dtype = "F32", shape = parameter.Shape, data_offsets = new[] { offset, end } };
            offset = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        byte[] padding = new byte[(8 - json.Length % 8) % 8];
        padding.AsSpan().Fill((byte)' ');
        byte[] length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length + padding.Length);

        using var file = File.Create(path);
        file.Write(length);
        file.Write(json);
        file.Write(padding);
        foreach (var parameter in parameters)
            file.Write(MemoryMarshal.AsBytes(parameter.Values.AsSpan()));
    }
}
