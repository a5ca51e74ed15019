namespace CnnCodegen.Weights.Encodings;

/// <summary>
/// The non-zero elements of a tensor in row-major order, with fillers: where a gap is longer than its field can say, an entry of value zero
/// bridges it.
/// </summary>
internal sealed class SparseEntries
{
    private const int MaxGapBits = 8, MaxCodebook = 1 << 12;

    private SparseEntries(float[] values, int[] gaps, int gapBits, bool isDense)
    {
        (Values, Gaps, GapBits, IsDense) = (values, gaps, gapBits, isDense);
        (Codebook, Codes) = Share(values);
    }

    /// <summary>Number of entries, fillers included.</summary>
    public int Count => Values.Length;

    public float[] Values { get; }

    /// <summary>Elements skipped before each entry, from 0 to 2^GapBits - 1.</summary>
    public int[] Gaps { get; }

    public int GapBits { get; }

    /// <summary>No element is skipped.</summary>
    public bool IsDense { get; }

    /// <summary>The distinct values in ascending order; null where there are so many that codes would not be shorter than values.</summary>
    public float[]? Codebook { get; }

    /// <summary>The index in the codebook of each entry.</summary>
    public int[] Codes { get; }

    /// <summary>The entries with the gap field that takes the least bytes.</summary>
    public static SparseEntries Smallest(ReadOnlySpan<float> elements)
    {
        List<float> values = [];
        List<int> gaps = [];
        int last = -1;
        for (int i = 0; i < elements.Length; i++)
        {
            if (elements[i] == 0) continue;
            values.Add(elements[i]);
            gaps.Add(i - last - 1);
            last = i;
        }
        SparseEntries best = WithFillers(values, gaps, 1);
        for (int bits = 2; bits <= MaxGapBits && !best.IsDense; bits++)
        {
            SparseEntries next = WithFillers(values, gaps, bits);
            if (next.EstimatedBytes() < best.EstimatedBytes()) best = next;
        }
        return best;
    }

    /// <summary>How often each symbol occurs.</summary>
    public static int[] Histogram(ReadOnlySpan<int> symbols, int alphabet)
    {
        int[] counts = new int[alphabet];
        foreach (int symbol in symbols) counts[symbol]++;
        return counts;
    }

    private static SparseEntries WithFillers(List<float> values, List<int> gaps, int gapBits)
    {
        int field = 1 << gapBits;
        List<float> filledValues = new(values.Count);
        List<int> filledGaps = new(values.Count);
        bool dense = true;
        for (int i = 0; i < values.Count; i++)
        {
            int gap = gaps[i];
            dense &= gap == 0;
            for (; gap >= field; gap -= field)
            {
                filledValues.Add(0);
                filledGaps.Add(field - 1);
            }
            filledValues.Add(values[i]);
            filledGaps.Add(gap);
        }
        return new SparseEntries([.. filledValues], [.. filledGaps], gapBits, dense);
    }

    private static (float[]? Codebook, int[] Codes) Share(float[] values)
    {
        Dictionary<int, int> codes = [];
        foreach (float value in values)
        {
            codes.TryAdd(BitConverter.SingleToInt32Bits(value), 0);
            if (codes.Count > MaxCodebook) return (null, []);
        }
        float[] codebook = [.. codes.Keys.Select(BitConverter.Int32BitsToSingle).Order()];
        for (int i = 0; i < codebook.Length; i++) codes[BitConverter.SingleToInt32Bits(codebook[i])] = i;
        int[] symbols = Array.ConvertAll(values, value => codes[BitConverter.SingleToInt32Bits(value)]);
        return SharedBytes(codebook, symbols) < values.Length * 4L ? (codebook, symbols) : (null, []);
    }

    private long EstimatedBytes()
    {
        long bytes = (1 << GapBits) + BytesOf(Gaps, 1 << GapBits);
        return bytes + (Codebook is null ? Values.Length * 4L : SharedBytes(Codebook, Codes));
    }

    /// <summary>A float and a codeword length for each value, a codeword for each entry.</summary>
    private static long SharedBytes(float[] codebook, int[] codes) => codebook.Length * 5L + BytesOf(codes, codebook.Length);

    private static long BytesOf(int[] symbols, int alphabet)
    {
        int[] counts = Histogram(symbols, alphabet);
        return PrefixCode.Optimal(counts).BitsOf(counts) / 8;
    }
}
