namespace CnnCodegen.Compression.Tests;

public sealed class SharedValuesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(255)]
    public void So_many_values_are_left_and_zeros_stay(int values)
    {
        float[] weights = MagnitudePruning.ToDensity(Numbers.Random(3001, 1), 0.3);

        float[] shared = SharedValues.Of(weights, values);

        Assert.Equal(values, shared.Where(w => w != 0).Distinct().Count());
        Assert.All(weights.Zip(shared), pair => Assert.True(pair.First != 0 || pair.Second == 0));
    }

    [Fact]
    public void Each_weight_takes_the_nearest_value_and_each_value_is_the_mean_of_its_weights()
    {
        float[] weights = Numbers.Random(2000, 2), shared = SharedValues.Of(weights, 8);

        float[] values = [.. shared.Distinct()];
        double spread = 0;
        for (int i = 0; i < weights.Length; i++)
        {
            double own = Math.Abs(weights[i] - shared[i]), nearest = values.Min(v => Math.Abs(weights[i] - v));
            spread = Math.Max(spread, own - nearest);
        }

        // The iteration ends when the sum of squares hardly changes, with a few weights next to a border on its other side.
        Assert.InRange(spread, 0, 0.02 * (weights.Max() - weights.Min()));
        foreach (float value in values)
            Assert.Equal(weights.Zip(shared).Where(pair => pair.Second == value).Average(pair => (double)pair.First), value, 1e-6);
    }

    [Fact]
    public void Clusters_far_apart_are_found_whatever_their_sizes() =>
        Assert.Equal([-1, 0, -1, 3, 3, 9.5f, 9.5f, 9.5f, 9.5f], SharedValues.Of([-1, 0, -1, 3, 3, 9, 10, 9, 10], 3));

    [Fact]
    public void Empty_clusters_find_weights()
    {
        float[] shared = SharedValues.Of([1, 1.1f, 1.2f, 1.3f, 100], 3);

        Assert.Equal(3, shared.Distinct().Count());
        Assert.Equal(100, shared[4]);
    }

    [Fact]
    public void As_few_distinct_weights_stay_as_they_are()
    {
        float[] weights = [2, 0, 2, -3, 0.5f];

        Assert.Equal(weights, SharedValues.Of(weights, 3));
        Assert.NotEqual(weights, SharedValues.Of(weights, 2));
        Assert.Equal([0, 0], SharedValues.Of([0, 0], 1));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => SharedValues.Of([1], 0));
        Assert.Throws<ArgumentException>(() => SharedValues.Of([1, float.NaN], 1));
    }
}
