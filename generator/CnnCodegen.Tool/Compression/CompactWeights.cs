using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Import;
using CnnCodegen.Weights;
using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Tool.Compression;

/// <summary>A network's weights as they are stored: each tensor in the encoding that takes the least bytes, and loses nothing.</summary>
internal static class CompactWeights
{
    /// <summary>What a tensor takes in the file's header: its name, type, shape and place.</summary>
    private const int EntryBytes = 70;

    /// <summary>The tensors to store for each tensor of the network, by its name.</summary>
    public static IReadOnlyDictionary<string, StoredTensor[]> Of(ImportedNetwork network) => network.Model.WeightTensors().ToDictionary(
        tensor => tensor.Name,
        tensor => Smallest(network, tensor.Name, tensor.Node.Layer as WeightedLayer),
        StringComparer.Ordinal);

    /// <summary>In an order in which tensors of floats are aligned.</summary>
    public static void Write(string path, IEnumerable<StoredTensor> tensors) => SafetensorsWriter.Write(path, tensors.OrderBy(t => t.Dtype is "U8" or "I8"));

    /// <summary>What the tensors take in the file.</summary>
    public static long Bytes(IEnumerable<StoredTensor> tensors) => tensors.Sum(t => t.Bytes + EntryBytes + t.Name.Length);

    private static StoredTensor[] Smallest(ImportedNetwork network, string name, WeightedLayer? layer)
    {
        (int[] shape, float[] data) = network.Weights[name];
        StoredTensor[] plain = [new StoredTensor(name, shape, data)];
        if (layer is null || shape.Length < 2) return plain;
        StoredTensor[]? codes = layer.Refinement is Int8 ? Int8Codes(name, shape, data, network.Weight(name[..name.LastIndexOf('.')] + "." + Int8.Scales)) : null;
        return new[] { plain, TensorEncodings.Bits(name, shape, data), codes, TensorEncodings.Sparse(name, data) }.OfType<StoredTensor[]>().MinBy(Bytes)!;
    }

    /// <summary>Codes with these scales; null if they do not give back the very weights.</summary>
    private static StoredTensor[]? Int8Codes(string name, int[] shape, float[] data, float[] scales)
    {
        int length = data.Length / shape[0];
        sbyte[] codes = new sbyte[data.Length];
        for (int i = 0; i < data.Length; i++)
        {
            float scale = scales[i / length], code = scale == 0 ? 0 : MathF.Round(data[i] / scale);
            if (!(MathF.Abs(code) <= sbyte.MaxValue) || code * scale != data[i]) return null;
            codes[i] = (sbyte)code;
        }
        return TensorEncodings.Int8(name, shape, codes, scales);
    }
}
