namespace CnnCodegen.Weights.Encodings;

/// <summary>
/// A canonical prefix code, given by the length of each symbol's codeword: shorter ones first, and by symbol among those of one length.
/// Codewords are written from their highest bit, into bytes from the highest bit.
/// </summary>
internal sealed class PrefixCode
{
    /// <summary>The longest codeword in bits: the table that decodes one has two to this power entries.</summary>
    public const int MaxLength = 15;

    private readonly byte[] _lengths;
    private readonly ushort[] _words;
    private readonly int _longest;

    private PrefixCode(byte[] lengths)
    {
        _lengths = lengths;
        _words = new ushort[lengths.Length];
        int word = 0;
        for (int length = 1; length <= MaxLength; length++, word <<= 1)
        {
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] != length) continue;
                _words[symbol] = (ushort)word++;
                _longest = length;
            }
        }
    }

    /// <summary>The code of these codeword lengths, 0 for a symbol that does not occur; null if no prefix code has them.</summary>
    public static PrefixCode? From(ReadOnlySpan<byte> lengths)
    {
        int taken = 0;
        foreach (byte length in lengths)
        {
            if (length > MaxLength) return null;
            if (length > 0) taken += 1 << MaxLength - length;
            if (taken > 1 << MaxLength) return null;
        }
        return new PrefixCode(lengths.ToArray());
    }

    /// <summary>
    /// The code of least total length (Huffman 1952). Where it has longer words than allowed, small counts are raised until it has not.
    /// </summary>
    /// <param name="counts">How often each symbol occurs.</param>
    public static PrefixCode Optimal(ReadOnlySpan<int> counts)
    {
        long[] weights = new long[counts.Length];
        for (int i = 0; i < weights.Length; i++) weights[i] = counts[i];
        while (true)
        {
            byte[] lengths = HuffmanLengths(weights);
            if (lengths.All(length => length <= MaxLength)) return new PrefixCode(lengths);
            for (int i = 0; i < weights.Length; i++)
                if (weights[i] > 0) weights[i] = (weights[i] >> 1) + 1;
        }
    }

    /// <summary>The codeword length of each symbol.</summary>
    public ReadOnlySpan<byte> Lengths => _lengths;

    /// <summary>Bits that so many of each symbol take.</summary>
    public long BitsOf(ReadOnlySpan<int> counts)
    {
        long bits = 0;
        for (int i = 0; i < counts.Length; i++) bits += (long)counts[i] * _lengths[i];
        return bits;
    }

    /// <summary>The codewords of these symbols, the last byte filled with zeros.</summary>
    public byte[] Encode(ReadOnlySpan<int> symbols)
    {
        long bits = 0;
        foreach (int symbol in symbols) bits += _lengths[symbol];
        byte[] stream = new byte[(bits + 7) / 8];
        long at = 0;
        foreach (int symbol in symbols)
        {
            for (int bit = _lengths[symbol] - 1; bit >= 0; bit--, at++)
                stream[at / 8] |= (byte)((_words[symbol] >> bit & 1) << (int)(7 - at % 8));
        }
        return stream;
    }

    /// <summary>Reads as many symbols as there is room for; returns false if the stream does not hold exactly those, or a bit pattern without a symbol.</summary>
    public bool TryDecode(ReadOnlySpan<byte> stream, Span<int> symbols)
    {
        if (symbols.IsEmpty) return stream.IsEmpty;
        if (_longest == 0) return false;
        (int Symbol, int Length)[] table = Table();
        uint window = 0;
        int held = 0, next = 0;
        for (int i = 0; i < symbols.Length; i++)
        {
            // Zeros follow the end; whether a word reached into them is seen by what is held after it.
            while (held < _longest)
            {
                window = window << 8 | (next < stream.Length ? stream[next] : 0u);
                next++;
                held += 8;
            }
            (symbols[i], int length) = table[window >> held - _longest & ((1u << _longest) - 1)];
            if (length == 0) return false;
            held -= length;
        }

        // What is left over must be less than a byte of the stream, and zeros.
        long rest = stream.Length * 8L - (next * 8L - held);
        return rest is >= 0 and < 8 && (rest == 0 || (stream[^1] & (1 << (int)rest) - 1) == 0);
    }

    private (int Symbol, int Length)[] Table()
    {
        (int, int)[] table = new (int, int)[1 << _longest];
        for (int symbol = 0; symbol < _lengths.Length; symbol++)
        {
            if (_lengths[symbol] == 0) continue;
            int spare = _longest - _lengths[symbol];
            Array.Fill(table, (symbol, _lengths[symbol]), _words[symbol] << spare, 1 << spare);
        }
        return table;
    }

    private static byte[] HuffmanLengths(long[] weights)
    {
        // Leaves are 0..n-1, inner nodes follow; the queue breaks ties by number, so that the code depends on the counts alone.
        byte[] lengths = new byte[weights.Length];
        int[] parents = new int[2 * weights.Length];
        PriorityQueue<int, (long, int)> queue = new();
        for (int i = 0; i < weights.Length; i++)
            if (weights[i] > 0) queue.Enqueue(i, (weights[i], i));
        if (queue.Count == 1) lengths[queue.Peek()] = 1;
        if (queue.Count < 2) return lengths;

        int root = weights.Length - 1;
        while (queue.Count > 1)
        {
            queue.TryDequeue(out int left, out (long Weight, int) a);
            queue.TryDequeue(out int right, out (long Weight, int) b);
            parents[left] = parents[right] = ++root;
            queue.Enqueue(root, (a.Weight + b.Weight, root));
        }
        int[] depths = new int[root + 1];
        for (int node = root - 1; node >= 0; node--)
            if (parents[node] != 0) depths[node] = depths[parents[node]] + 1;
        for (int i = 0; i < lengths.Length; i++)
            if (weights[i] > 0) lengths[i] = (byte)depths[i];
        return lengths;
    }
}
