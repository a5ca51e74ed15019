namespace CnnCodegen.Compression.Tests;

public sealed class MagnitudePruningTests
{
    [Theory]
    [InlineData(0, new float[] { 0, 0, 0, 0, 0 })]
    [InlineData(1, new float[] { 0, -3, 0, 0, 0 })]
    [InlineData(3, new float[] { 1, -3, 0, 0, 2 })]
    [InlineData(5, new float[] { 1, -3, -1, 0.5f, 2 })]
    public void The_largest_are_kept_and_the_first_of_equals(int count, float[] expected) =>
        Assert.Equal(expected, MagnitudePruning.Keep([1, -3, -1, 0.5f, 2], count));

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.333)]
    [InlineData(1)]
    public void A_density_is_a_count_rounded_up(double density)
    {
        float[] weights = Numbers.Random(1001, 1);

        Assert.Equal((int)Math.Ceiling(density * 1001), MagnitudePruning.ToDensity(weights, density).Count(w => w != 0));
    }

    [Fact]
    public void All_layers_share_one_threshold()
    {
        float[][] pruned = MagnitudePruning.ToGlobalDensity([[1, 5, 2], [0.5f, 3]], 0.6);

        Assert.Equal([[0, 5, 2], [0, 3]], pruned);
    }

    [Fact]
    public void The_threshold_is_a_multiple_of_the_deviation() =>
        Assert.Equal([-2, 0, 0, 2], MagnitudePruning.ByDeviation([-2, -1, 1, 2], 1));

    [Fact]
    public void What_is_no_number_stays() => Assert.Equal([float.NaN, 0], MagnitudePruning.Keep([float.NaN, 9], 1));

    [Fact]
    public void Inputs_are_left_alone_and_densities_checked()
    {
        float[] weights = [1, 2];
        MagnitudePruning.Keep(weights, 1);
        Assert.Equal([1, 2], weights);
        Assert.Throws<ArgumentOutOfRangeException>(() => MagnitudePruning.ToDensity(weights, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MagnitudePruning.ToDensity(weights, double.NaN));
    }
}
