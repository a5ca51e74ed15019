namespace CnnCodegen.Weights.Encodings;

/// <summary>
/// The weights that are not zero, each with the gap to the one before it, both as Huffman codes (Han et al. 2016, "Deep Compression"):
/// NAME.sparse, NAME.gaps and NAME.gap_lengths; then NAME.values, or the shared values NAME.codebook with NAME.codes and NAME.code_lengths.
/// </summary>
internal sealed class SparseEncoding : TensorEncoding
{
    internal const string Entries = "sparse", Gaps = "gaps", GapLengths = "gap_lengths";
    private const string Values = "values", Codebook = "codebook", Codes = "codes", CodeLengths = "code_lengths";

    public override string Marker => Entries;

    public override string[] Parts => [Entries, Gaps, GapLengths, Values, Codebook, Codes, CodeLengths];

    public static StoredTensor[] Encode(string name, ReadOnlySpan<float> values)
    {
        SparseEntries entries = SparseEntries.Smallest(values);
        StoredTensor count = new($"{name}.{Entries}", "U32", [1], BitConverter.GetBytes((uint)entries.Count));
        StoredTensor[] shared = entries.Codebook is { } codebook
            ? [new($"{name}.{Codebook}", [codebook.Length], codebook), count, .. Stream(name, Codes, CodeLengths, entries.Codes, codebook.Length)]
            : [new($"{name}.{Values}", [entries.Count], entries.Values), count];
        return entries.IsDense ? shared : [.. shared, .. Stream(name, Gaps, GapLengths, entries.Gaps, 1 << entries.GapBits)];
    }

    public override void Check(EncodedTensor tensor, PartCheck check)
    {
        check.Expect(Entries, "U32", 1);
        if (tensor.Has(Gaps) || tensor.Has(GapLengths))
        {
            check.Expect(Gaps, "U8", PartCheck.Any);
            check.Expect(GapLengths, "U8", PartCheck.Any);
        }
        if (tensor.Has(Codebook))
        {
            check.Expect(Codebook, "F32", PartCheck.Any);
            check.Expect(Codes, "U8", PartCheck.Any);
            check.Expect(CodeLengths, "U8", PartCheck.Any);
            check.Refuse(Values, $"beside {Codebook}");
        }
        else
        {
            check.Expect(Values, "F32", PartCheck.Any);
        }
    }

    public override void Decode(EncodedTensor tensor, Span<float> values)
    {
        ReadOnlySpan<float> stored = Read(tensor, values.Length, out int[] positions);
        for (int i = 0; i < positions.Length; i++) values[positions[i]] = stored[i];
    }

    /// <summary>The places of the elements that are not zero, ascending.</summary>
    /// <param name="file">The file.</param>
    /// <param name="name">The name of a tensor that it holds in this form.</param>
    /// <exception cref="WeightFileException">A part is malformed.</exception>
    public static int[] NonZeros(SafetensorsFile file, string name)
    {
        // The file does not say how many elements there are, but every entry takes at least a bit of it.
        EncodedTensor tensor = new(file, name, [Array.MaxLength]);
        long bits = 8 * file.Tensors.Sum(t => t.Bytes);
        uint count = tensor.Number(Entries);
        if (count > bits) throw tensor.Fault(Entries, $"claims {count} entries, but the file has {bits} bits");
        ReadOnlySpan<float> stored = Read(tensor, Array.MaxLength, out int[] positions);
        List<int> places = [];
        for (int i = 0; i < positions.Length; i++)
            if (stored[i] != 0) places.Add(positions[i]);
        return [.. places];
    }

    private static ReadOnlySpan<float> Read(EncodedTensor tensor, int elements, out int[] positions)
    {
        uint count = tensor.Number(Entries);
        if (count > elements) throw tensor.Fault(Entries, $"claims {count} entries, expected at most {elements}");
        positions = Positions(tensor, (int)count, elements);
        ReadOnlySpan<float> stored = tensor.Has(Codebook) ? SharedValues(tensor, (int)count) : tensor.Floats(Values);
        if (stored.Length != count) throw tensor.Fault(Values, $"has {stored.Length} elements, expected {count}");
        return stored;
    }

    private static int[] Positions(EncodedTensor tensor, int count, int elements)
    {
        int[] gaps = new int[count];
        if (tensor.Has(Gaps)) Read(tensor, Gaps, GapLengths, gaps);
        long position = -1;
        for (int i = 0; i < count; i++)
        {
            position += gaps[i] + 1L;
            if (position >= elements) throw tensor.Fault(Gaps, $"entry {i} lies behind the {elements} elements of the tensor");
            gaps[i] = (int)position;
        }
        return gaps;
    }

    private static float[] SharedValues(EncodedTensor tensor, int count)
    {
        ReadOnlySpan<float> codebook = tensor.Floats(Codebook);
        int[] codes = new int[count];
        Read(tensor, Codes, CodeLengths, codes);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = codes[i] < codebook.Length ? codebook[codes[i]] : throw tensor.Fault(Codes, $"entry {i} has code {codes[i]}, but the codebook has {codebook.Length} values");
        return values;
    }

    private static void Read(EncodedTensor tensor, string stream, string lengths, int[] symbols)
    {
        PrefixCode code = PrefixCode.From(tensor.Bytes(lengths)) ?? throw tensor.Fault(lengths, $"these are no lengths of a prefix code with words of at most {PrefixCode.MaxLength} bits");
        if (!code.TryDecode(tensor.Bytes(stream), symbols)) throw tensor.Fault(stream, $"does not hold the codewords of exactly {symbols.Length} entries");
    }

    private static StoredTensor[] Stream(string name, string stream, string lengths, int[] symbols, int alphabet)
    {
        PrefixCode code = PrefixCode.Optimal(SparseEntries.Histogram(symbols, alphabet));
        byte[] bytes = code.Encode(symbols);
        return
        [
            new StoredTensor($"{name}.{lengths}", "U8", [alphabet], code.Lengths.ToArray()),
            new StoredTensor($"{name}.{stream}", "U8", [bytes.Length], bytes),
        ];
    }
}
