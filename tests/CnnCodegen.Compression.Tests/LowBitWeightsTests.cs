namespace CnnCodegen.Compression.Tests;

public sealed class LowBitWeightsTests
{
    [Fact]
    public void The_smallest_weights_become_zero_and_the_others_the_filters_mean_magnitude() =>
        Assert.Equal([4, 0, -4, 1, 0, 1], TernaryWeights.Of([3, -0.2f, -5, 1, 0.5f, 1], 2, 0.33));

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    [InlineData(0.9)]
    public void No_other_scale_of_a_filter_is_nearer(double zeros)
    {
        float[] weights = Numbers.Random(4 * 50, 3), ternary = TernaryWeights.Of(weights, 4, zeros);

        Assert.True(ternary.Count(w => w == 0) >= zeros * weights.Length);
        for (int filter = 0; filter < 4; filter++)
        {
            float[] row = ternary[(filter * 50)..((filter + 1) * 50)], given = weights[(filter * 50)..((filter + 1) * 50)];
            Assert.True(row.Where(w => w != 0).Select(Math.Abs).Distinct().Count() <= 1);
            double error(double factor) => row.Zip(given, (t, w) => ((factor * t) - w) * ((factor * t) - w)).Sum();
            Assert.True(error(1) <= error(0.99) && error(1) <= error(1.01));
        }
    }

    [Fact]
    public void Filters_may_be_empty()
    {
        Assert.Equal([0, 0, 2, -2], TernaryWeights.Of([0, 0, 2, -2], 2, 0.5));
        Assert.Equal([0, 0], TernaryWeights.Of([1, 2], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => TernaryWeights.Of([1], 1, 1.5));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Weights_lie_on_the_grid_nearest_to_their_scaled_tangent(int bits)
    {
        float[] weights = Numbers.Random(500, bits);
        double largest = weights.Max(w => Math.Abs(Math.Tanh(w))), step = 2.0 / ((1 << bits) - 1);

        (float[] grid, float scale) = GridWeights.Of(weights, bits);

        for (int i = 0; i < weights.Length; i++)
        {
            double code = (grid[i] + 1) / step;
            Assert.Equal(Math.Round(code), code, 1e-4);
            Assert.InRange(code, -1e-4, (1 << bits) - 1 + 1e-4);
            Assert.InRange(Math.Abs(grid[i] - (Math.Tanh(weights[i]) / largest)), 0, (step / 2) + 1e-6);
        }

        double error(double factor) => grid.Zip(weights, (g, w) => ((factor * g) - w) * ((factor * g) - w)).Sum();
        Assert.True(error(scale) <= error(0.99 * scale) && error(scale) <= error(1.01 * scale));
    }

    [Fact]
    public void Zeros_alone_have_no_grid()
    {
        Assert.Throws<ArgumentException>(() => GridWeights.Of([0, 0], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => GridWeights.Of([1], 1));
    }
}
