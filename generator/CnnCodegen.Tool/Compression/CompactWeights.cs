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
        tensor => Smallest(tensor.Name, network.Weights[tensor.Name].Shape, network.Weight(tensor.Name), tensor.Node.Layer is WeightedLayer, Scales(network, tensor.Node)),
        StringComparer.Ordinal);

    /// <summary>In an order in which tensors of floats are aligned.</summary>
    public static void Write(string path, IEnumerable<StoredTensor> tensors) => SafetensorsWriter.Write(path, tensors.OrderBy(t => t.Dtype is "U8" or "I8"));

    /// <summary>What the tensors take in the file.</summary>
    public static long Bytes(IEnumerable<StoredTensor> tensors) => tensors.Sum(t => t.Bytes + EntryBytes + t.Name.Length);

    /// <summary>The scales of the layer's codes; null if its weights are none.</summary>
    private static float[]? Scales(ImportedNetwork network, Node node) =>
        node.Layer is WeightedLayer { Refinement: Int8 } ? network.Weight($"{node.Name}.{Int8.Scales}") : null;

    private static StoredTensor[] Smallest(string name, int[] shape, float[] data, bool encodes, float[]? scales)
    {
        StoredTensor[] plain = [new StoredTensor(name, shape, data)];
        if (!encodes || shape.Length < 2) return plain;
        int filter = data.Length / shape[0];
        StoredTensor[]? codes = scales is null ? null : TensorEncodings.Int8(name, shape, [.. data.Select((w, i) => (sbyte)MathF.Round(w / scales[i / filter]))], scales);
        return new[] { plain, codes, TensorEncodings.Bits(name, shape, data), TensorEncodings.Sparse(name, data) }.OfType<StoredTensor[]>().MinBy(Bytes)!;
    }
}
