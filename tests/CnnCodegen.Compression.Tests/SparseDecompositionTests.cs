namespace CnnCodegen.Compression.Tests;

public sealed class SparseDecompositionTests
{
    [Theory]
    [InlineData(16, 8, 9)]
    [InlineData(3, 8, 25)] // fewer filters than directions
    [InlineData(7, 1, 9)]
    [InlineData(5, 6, 1)]
    [InlineData(1, 1, 1)]
    public void Full_bases_give_the_weights_back(int outputs, int channels, int taps)
    {
        float[] weights = Numbers.Random(outputs * channels * taps, 1);

        Assert.Equal(0, Distance(weights, SparseDecomposition.Decompose(weights, outputs, channels).Expand()), 1e-5);
        Assert.Equal(0, Distance(weights, SparseDecomposition.Decompose(weights, outputs, channels, mixChannels: false).Expand()), 1e-5);
    }

    [Fact]
    public void The_expansion_is_the_product_of_the_three_layers()
    {
        SparseFactors factors = new(2, 3, 2, [2, 1], [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6], [1, 0, 2, 0, 3, 0]);
        float[] expected = new float[2 * 3 * 2];
        int[] mixed = [0, 0, 1];
        for (int k = 0; k < 2; k++)
            for (int c = 0; c < 3; c++)
                for (int t = 0; t < 2; t++)
                    for (int l = 0; l < 3; l++)
                        expected[(((k * 3) + c) * 2) + t] += factors.Coefficients[(k * 3) + l] * factors.SpatialBases[(l * 2) + t] * factors.ChannelBasis[(mixed[l] * 3) + c];

        Assert.Equal(expected, factors.Expand());
    }

    [Theory]
    [InlineData(16, 8)]
    [InlineData(2, 8)]
    public void Bases_are_orthonormal(int outputs, int channels)
    {
        SparseFactors factors = SparseDecomposition.Decompose(Numbers.Random(outputs * channels * 9, 2), outputs, channels);

        AssertOrthonormal(factors.ChannelBasis, channels);
        for (int d = 0; d < channels; d++) AssertOrthonormal(factors.SpatialBases[(d * 81)..((d + 1) * 81)], 9);
    }

    [Fact]
    public void Rank_one_weights_need_one_coefficient_a_filter()
    {
        float[] a = Numbers.Random(6, 3), b = Numbers.Random(5, 4), c = Numbers.Random(9, 5);
        float[] weights = [.. a.SelectMany(x => b.SelectMany(y => c.Select(z => x * y * z)))];

        SparseFactors factors = SparseDecomposition.Decompose(weights, 6, 5).ToDensity(6.0 / (6 * 45)).WithoutUnusedRows();

        Assert.Equal([1], factors.Sizes);
        Assert.Equal(0, Distance(weights, factors.Expand()), 1e-6);
        // The basis is the direction of b, with its largest element positive.
        double length = Math.Sqrt(b.Sum(v => (double)v * v)), sign = Math.Sign(b.MaxBy(Math.Abs));
        for (int i = 0; i < 5; i++) Assert.Equal(sign * b[i] / length, factors.ChannelBasis[i], 1e-6);
    }

    [Fact]
    public void The_error_is_what_was_removed_and_falls_with_the_density()
    {
        float[] weights = Numbers.Random(12 * 6 * 9, 6);
        SparseFactors factors = SparseDecomposition.Decompose(weights, 12, 6);
        double last = double.PositiveInfinity;
        foreach (double density in new[] { 0, 0.1, 0.3, 0.5, 0.9, 1 })
        {
            SparseFactors sparse = factors.ToDensity(density);
            double error = Distance(weights, sparse.Expand());

            Assert.Equal((int)Math.Ceiling(density * factors.Coefficients.Length), sparse.Coefficients.Count(s => s != 0));
            Assert.Equal(Distance(factors.Coefficients, sparse.Coefficients), error, 1e-5);
            Assert.True(error < last);
            last = error;
        }
    }

    [Fact]
    public void Smaller_spatial_bases_leave_out_the_least_of_the_weights()
    {
        float[] weights = Numbers.Random(12 * 4 * 9, 7);
        SparseFactors full = SparseDecomposition.Decompose(weights, 12, 4);
        double last = double.PositiveInfinity;
        for (int size = 1; size <= 9; size++)
        {
            SparseFactors small = SparseDecomposition.Decompose(weights, 12, 4, size);
            double error = Distance(weights, small.Expand());

            Assert.Equal(4 * size, small.Rows);
            double removed = Enumerable.Range(0, full.Coefficients.Length).Where(i => i % 9 >= size).Sum(i => Math.Pow(full.Coefficients[i], 2));
            Assert.Equal(Math.Sqrt(removed), error, 1e-5);
            Assert.True(error < last);
            last = error;
        }
    }

    [Fact]
    public void Channels_with_all_of_the_weights_come_first()
    {
        SparseFactors factors = SparseDecomposition.Decompose(Numbers.Random(12 * 6 * 9, 8), 12, 6);

        double[] strengths = [.. Enumerable.Range(0, 6).Select(d => Enumerable.Range(0, factors.Coefficients.Length).Where(i => i % 54 / 9 == d).Sum(i => Math.Pow(factors.Coefficients[i], 2)))];

        Assert.Equal(strengths.OrderDescending(), strengths);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Unused_rows_are_left_out_without_any_change(bool uniform)
    {
        SparseFactors sparse = SparseDecomposition.Decompose(Numbers.Random(4 * 6 * 9, 9), 4, 6).ToDensity(0.05);
        HashSet<int> used = [.. Enumerable.Range(0, sparse.Coefficients.Length).Where(i => sparse.Coefficients[i] != 0).Select(i => i % 54)];

        SparseFactors small = sparse.WithoutUnusedRows(uniform);

        Assert.Equal(sparse.Expand(), small.Expand());
        Assert.Equal(used.Select(l => l / 9).Distinct().Count(), small.Sizes.Length);
        Assert.Equal(small.Sizes.Length * 6, small.ChannelBasis.Length);
        Assert.Equal(small.Rows * 9, small.SpatialBases.Length);
        if (uniform) Assert.Single(small.Sizes.Distinct());
        else Assert.Equal(used.Count, small.Rows);
    }

    [Fact]
    public void Nothing_is_left_of_weights_that_are_all_zero()
    {
        SparseFactors factors = SparseDecomposition.Decompose(new float[4 * 3 * 9], 4, 3);

        AssertOrthonormal(factors.ChannelBasis, 3);
        Assert.Empty(factors.WithoutUnusedRows().Sizes);
        Assert.Equal(new float[4 * 3 * 9], factors.WithoutUnusedRows(uniform: true).Expand());
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SparseDecomposition.Decompose(new float[10], 2, 3));
        Assert.Throws<ArgumentException>(() => SparseDecomposition.Decompose(new float[5], 2, 3));
        Assert.Throws<ArgumentException>(() => SparseDecomposition.Decompose([float.PositiveInfinity], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseDecomposition.Decompose(new float[9], 1, 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseDecomposition.Decompose(new float[9], 1, 1, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseDecomposition.Decompose(new float[9], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => SparseDecomposition.Decompose(new float[9], 1, 1).ToDensity(2));
    }

    private static double Distance(float[] a, float[] b)
    {
        Assert.Equal(a.Length, b.Length);
        return Math.Sqrt(a.Zip(b, (x, y) => ((double)x - y) * ((double)x - y)).Sum());
    }

    private static void AssertOrthonormal(float[] rows, int length)
    {
        float[][] vectors = [.. rows.Chunk(length)];
        for (int i = 0; i < vectors.Length; i++)
            for (int j = 0; j < vectors.Length; j++) Assert.Equal(i == j ? 1 : 0, vectors[i].Zip(vectors[j], (x, y) => (double)x * y).Sum(), 1e-6);
    }
}
