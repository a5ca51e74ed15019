using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CnnCodegen.Tool.Import;

/// <summary>The weights of an imported network as a safetensors file.</summary>
internal static class WeightFile
{
    public static void Write(string path, IReadOnlyDictionary<string, (int[] Shape, float[] Data)> weights)
    {
        JsonObject header = [];
        long offset = 0;
        foreach ((string name, (int[] shape, float[] data)) in weights)
        {
            long end = offset + ((long)data.Length * sizeof(float));
            header[name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. shape.Select(d => JsonValue.Create(d))]),
                ["data_offsets"] = new JsonArray(offset, end),
            };
            offset = end;
        }

        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        byte[] padded = [.. json, .. Enumerable.Repeat((byte)' ', -json.Length & 7)];
        Span<byte> length = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(length, padded.Length);
        using FileStream file = File.Create(path);
        file.Write(length);
        file.Write(padded);
        foreach ((_, float[] data) in weights.Values) file.Write(MemoryMarshal.AsBytes<float>(data));
    }
}
