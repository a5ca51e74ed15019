using CnnCodegen.Weights.Encodings;

namespace CnnCodegen.Runtime.Tests.Weights.Encodings;

public sealed class PrefixCodeTests
{
    [Fact]
    public void Codewords_are_canonical()
    {
        // RFC 1951, 3.2.2: lengths 3,3,3,3,3,2,4,4 have the words 010, 011, 100, 101, 110, 00, 1110, 1111.
        PrefixCode code = PrefixCode.From([3, 3, 3, 3, 3, 2, 4, 4])!;

        Assert.Equal([0b0100_1110, 0b0101_1100, 0b0111_0111, 0b1000_0000], code.Encode([0, 1, 2, 3, 4, 5, 6, 7]));
    }

    [Fact]
    public void Lengths_are_optimal()
    {
        int[] counts = [45, 13, 12, 16, 9, 5];

        PrefixCode code = PrefixCode.Optimal(counts);

        Assert.Equal([1, 3, 3, 3, 4, 4], code.Lengths.ToArray());
        Assert.Equal(224, code.BitsOf(counts));
    }

    [Fact]
    public void Words_of_a_skewed_distribution_stay_short()
    {
        int[] counts = new int[40];
        (int a, int b) = (1, 1);
        for (int i = 0; i < counts.Length; i++) (counts[i], a, b) = (a, b, a + b);

        PrefixCode code = PrefixCode.Optimal(counts);

        Assert.Equal(PrefixCode.MaxLength, code.Lengths.ToArray().Max());
        Assert.Equal(code.Lengths.ToArray(), PrefixCode.From(code.Lengths)!.Lengths.ToArray());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(256)]
    [InlineData(4096)]
    public void What_is_encoded_is_decoded(int alphabet)
    {
        Random random = new(alphabet);
        int[] symbols = [.. Enumerable.Range(0, 10_000).Select(_ => (int)(alphabet * Math.Pow(random.NextDouble(), 3)))];
        PrefixCode code = PrefixCode.Optimal(SparseEntries.Histogram(symbols, alphabet));
        int[] decoded = new int[symbols.Length];

        Assert.True(PrefixCode.From(code.Lengths)!.TryDecode(code.Encode(symbols), decoded));

        Assert.Equal(symbols, decoded);
    }
}
