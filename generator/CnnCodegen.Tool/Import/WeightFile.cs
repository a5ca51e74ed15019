using CnnCodegen.Weights;

namespace CnnCodegen.Tool.Import;

/// <summary>The weights of an imported network as a safetensors file.</summary>
internal static class WeightFile
{
    public static void Write(string path, IReadOnlyDictionary<string, (int[] Shape, float[] Data)> weights) => SafetensorsWriter.Write(path, Tensors(weights));

    /// <summary>The file's bytes, at their beginning.</summary>
    /// <exception cref="IOException">They are more than 2 GB.</exception>
    public static MemoryStream InMemory(IReadOnlyDictionary<string, (int[] Shape, float[] Data)> weights)
    {
        MemoryStream stream = new();
        SafetensorsWriter.Write(stream, Tensors(weights));
        stream.Position = 0;
        return stream;
    }

    private static IEnumerable<(string, int[], ReadOnlyMemory<float>)> Tensors(IReadOnlyDictionary<string, (int[] Shape, float[] Data)> weights) =>
        weights.Select(w => (w.Key, w.Value.Shape, (ReadOnlyMemory<float>)w.Value.Data));
}
