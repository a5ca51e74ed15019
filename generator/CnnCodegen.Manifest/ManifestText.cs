using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CnnCodegen.Weights;
using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Manifest;

/// <summary>The text from which the generator learns which weights of a file are zero; the values stay in the file.</summary>
public static class ManifestText
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The manifest of a weight file: a bit for each weight up to the last that is not zero, the first the lowest of its byte, in base64.</summary>
    /// <param name="path">The weight file.</param>
    /// <param name="name">What networks call it; null for its name.</param>
    /// <exception cref="WeightFileException">It is malformed.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string Of(string path, string? name = null)
    {
        using SafetensorsFile file = SafetensorsFile.Open(path);
        JsonObject tensors = new(TensorEncodings.NonZeros(file).Select(t => KeyValuePair.Create(t.Name, (JsonNode?)Convert.ToBase64String(Bits(t.Places)))));
        return new JsonObject { ["weights"] = name ?? Path.GetFileName(path), ["nonZeros"] = tensors }.ToJsonString(Readable) + "\n";
    }

    private static byte[] Bits(int[] places)
    {
        byte[] bits = new byte[places.Length == 0 ? 0 : (places[^1] / 8) + 1];
        foreach (int place in places) bits[place / 8] |= (byte)(1 << place % 8);
        return bits;
    }
}
