namespace CnnCodegen.Weights.Encodings;

/// <summary>
/// One bit a weight: each output channel has one magnitude, its scale, and each of its elements a sign (Rastegari et al. 2016,
/// "XNOR-Net"). NAME.bits and NAME.scale.
/// </summary>
internal sealed class BitsEncoding : TensorEncoding
{
    private const string Bits = "bits", Scale = "scale";

    public override string Marker => Bits;

    public override string[] Parts => [Bits, Scale];

    /// <summary>The parts of a tensor; null if the elements of an output channel differ in more than their signs, or if there are none.</summary>
    public static StoredTensor[]? Encode(string name, IReadOnlyList<int> shape, ReadOnlySpan<float> values)
    {
        if (shape.Count < 2 || values.IsEmpty) return null;
        int rows = shape[0], length = values.Length / rows, bytes = BytesOf(length);
        byte[] bits = new byte[rows * bytes];
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> elements = values.Slice(row * length, length);
            float scale = scales[row] = Math.Abs(elements[0]);
            for (int i = 0; i < length; i++)
            {
                if (Math.Abs(elements[i]) != scale) return null;
                if (!float.IsNegative(elements[i])) bits[row * bytes + i / 8] |= (byte)(1 << i % 8);
            }
        }
        return [new StoredTensor($"{name}.{Scale}", [rows], scales), new StoredTensor($"{name}.{Bits}", "U8", [rows, bytes], bits)];
    }

    public override void Check(EncodedTensor tensor, PartCheck check)
    {
        check.Expect(Bits, "U8", tensor.Rows, BytesOf(tensor.RowLength));
        check.Expect(Scale, "F32", tensor.Rows);
    }

    public override void Decode(EncodedTensor tensor, Span<float> values)
    {
        ReadOnlySpan<byte> bits = tensor.Bytes(Bits);
        ReadOnlySpan<float> scales = tensor.Floats(Scale);
        int length = tensor.RowLength, bytes = BytesOf(length);
        for (int row = 0; row < scales.Length; row++)
        {
            ReadOnlySpan<byte> signs = bits.Slice(row * bytes, bytes);
            if (length % 8 != 0 && signs[^1] >> length % 8 != 0) throw tensor.Fault(Bits, $"row {row} has bits set behind its {length} weights");
            Span<float> elements = values.Slice(row * length, length);
            for (int i = 0; i < length; i++) elements[i] = (signs[i / 8] >> i % 8 & 1) != 0 ? scales[row] : -scales[row];
        }
    }

    private static int BytesOf(int bits) => (bits + 7) / 8;
}
