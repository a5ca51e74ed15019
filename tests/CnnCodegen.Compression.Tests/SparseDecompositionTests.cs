namespace CnnCodegen.Compression.Tests;

public sealed class SparseDecompositionTests
{
    private static readonly float[] _weights = Numbers.Random(7 * 5 * 9, 1);

    [Fact]
    public void All_components_and_coefficients_are_exact() =>
        Assert.All(_weights.Zip(SparseDecomposition.Of(_weights, 7, 5, 9, 1).Expand(7)), w => Assert.Equal(w.First, w.Second, 1e-5));

    [Fact]
    public void Channels_of_one_source_need_one_row()
    {
        // Every input channel holds the same filters, scaled: only the first mixed channel is not zero.
        float[] weights = [.. Enumerable.Range(0, 7 * 5 * 9).Select(i => _weights[(i / 45 * 9) + (i % 9)] * (1 + (i / 9 % 5)))];

        SparseDecomposition split = SparseDecomposition.Of(weights, 7, 5, 9, 0.2);

        Assert.True(split.Coefficients.Count(c => c != 0) <= 63);
        Assert.All(weights.Zip(split.Expand(7)), w => Assert.Equal(w.First, w.Second, 1e-4));
    }

    [Fact]
    public void Kept_components_and_coefficients_hold_the_most_energy()
    {
        double Error(int bases, double density) => _weights.Zip(SparseDecomposition.Of(_weights, 7, 5, bases, density).Expand(7)).Sum(w => Math.Pow(w.First - w.Second, 2));

        Assert.True(Error(9, 0.5) < Error(9, 0.3) && Error(6, 1) < Error(5, 1));
        // Orthonormal bases: what is dropped is what is missing.
        SparseDecomposition all = SparseDecomposition.Of(_weights, 7, 5, 9, 1), half = SparseDecomposition.Of(_weights, 7, 5, 9, 0.5);
        Assert.Equal(all.Coefficients.Zip(half.Coefficients).Sum(c => Math.Pow(c.First - c.Second, 2)), Error(9, 0.5), 1e-4);
    }
}
