using System.Runtime.InteropServices;

namespace CnnCodegen.Weights.Encodings;

/// <summary>One byte a weight: a code from -128 to 127 for each element, times the scale of its output channel. NAME.int8 and NAME.scale.</summary>
internal sealed class Int8Encoding : TensorEncoding
{
    private const string Codes = "int8", Scale = "scale";

    public override string Marker => Codes;

    public override string[] Parts => [Codes, Scale];

    /// <summary>The parts of a tensor whose elements are <paramref name="codes"/> times the scale of their output channel.</summary>
    public static StoredTensor[] Encode(string name, IReadOnlyList<int> shape, ReadOnlySpan<sbyte> codes, ReadOnlySpan<float> scales)
    {
        if (shape.Count == 0 || shape[0] != scales.Length) throw new ArgumentException($"tensor '{name}': {scales.Length} scales given, but its shape is [{string.Join(", ", shape)}]", nameof(scales));
        return
        [
            new StoredTensor($"{name}.{Scale}", [scales.Length], scales.ToArray()),
            new StoredTensor($"{name}.{Codes}", "I8", shape, MemoryMarshal.AsBytes(codes).ToArray()),
        ];
    }

    public override void Check(EncodedTensor tensor, PartCheck check)
    {
        check.Expect(Codes, "I8", [.. tensor.Shape]);
        check.Expect(Scale, "F32", tensor.Rows);
    }

    public override void Decode(EncodedTensor tensor, Span<float> values)
    {
        ReadOnlySpan<sbyte> codes = MemoryMarshal.Cast<byte, sbyte>(tensor.Bytes(Codes, "I8"));
        ReadOnlySpan<float> scales = tensor.Floats(Scale);
        int length = tensor.RowLength;
        for (int i = 0; i < values.Length; i++) values[i] = codes[i] * scales[i / length];
    }
}
