namespace CnnCodegen.Compression.Tests;

public sealed class ActivationZerosTests
{
    [Fact]
    public void Zeros_are_counted_by_channel_over_samples_and_positions()
    {
        ActivationZeros zeros = new(3);

        zeros.Add([0, 1, 2, 3, 0, -0f, 0, 0, 4, 5, 0, 1], samples: 2);

        Assert.Equal([0.75, 0, 0.75], zeros.Shares);
        Assert.Equal([0.25, 3.5, 0.25], zeros.Means);
    }

    [Fact]
    public void Batches_add_up_whatever_their_size()
    {
        float[] activations = [.. Numbers.Random(7 * 5 * 6, 1).Select(v => Math.Max(v, 0))];
        ActivationZeros once = new(5), often = new(5);

        once.Add(activations, 7);
        often.Add(activations.AsSpan(0, 60), 2);
        often.Add(activations.AsSpan(60), 5);

        double[] expected = [.. Enumerable.Range(0, 5).Select(c => Enumerable.Range(0, 7).Sum(n => Enumerable.Range(0, 6).Count(j => activations[(((n * 5) + c) * 6) + j] == 0)) / 42.0)];
        Assert.Equal(expected, once.Shares);
        Assert.Equal(expected, often.Shares);
    }

    [Fact]
    public void Channels_far_above_the_mean_go()
    {
        // Mean 0.4, standard deviation 0.2 times the square root of 3.
        double[] shares = [0.2, 1, 0.2, 0.2];

        Assert.Equal([0, 2, 3], ActivationZeros.KeepByDeviation(shares));
        Assert.Equal([0, 2, 3], ActivationZeros.KeepByDeviation(shares, 1.732));
        Assert.Equal([0, 1, 2, 3], ActivationZeros.KeepByDeviation(shares, 1.733));
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0 / 3)]
    [InlineData(1)]
    public void Equal_channels_all_stay(double share) =>
        Assert.Equal(Enumerable.Range(0, 7), ActivationZeros.KeepByDeviation([.. Enumerable.Repeat(share, 7)], deviations: 0));

    [Theory]
    [InlineData(1, new[] { 0, 1, 2, 3 })]
    [InlineData(0.9, new[] { 0, 2, 3 })]
    [InlineData(0.5, new[] { 2, 3 })]
    [InlineData(0.1, new[] { 2 })] // the first of the least
    public void A_threshold_removes_what_is_above_it_but_not_all(double threshold, int[] kept) =>
        Assert.Equal(kept, ActivationZeros.KeepByThreshold([0.9, 0.95, 0.5, 0.5], threshold));

    [Fact]
    public void Dead_channels_are_trimmed_without_any_change()
    {
        // Channel 1 is dead: its bias outweighs whatever comes in.
        HiddenLayer layer = new(Numbers.Random(4 * 3, 2), [0, -10, 0.5f, 0], Numbers.Random(2 * 4, 3), Numbers.Random(2, 4));
        ActivationZeros zeros = new(4);
        float[][] inputs = [.. Enumerable.Range(0, 20).Select(i => Numbers.Random(3, 10 + i))];
        foreach (float[] input in inputs) zeros.Add(Hidden(layer, input), samples: 1);

        Assert.Equal(1, zeros.Shares[1]);
        int[] kept = ActivationZeros.KeepByThreshold(zeros.Shares, 0.999);
        HiddenLayer trimmed = ActivationZeros.Trim(layer, kept, zeros.Means);

        Assert.DoesNotContain(1, kept);
        Assert.All(inputs, input => Assert.Equal(Outputs(layer, input), Outputs(trimmed, input)));
    }

    [Fact]
    public void A_constant_channel_is_made_up_for_by_its_mean()
    {
        HiddenLayer layer = new([1, 2, 0, 0], [0, 3], [1, 1, 1, 1, 5, 6, 7, 8], [10]);

        HiddenLayer trimmed = ActivationZeros.Trim(layer, [0], [9, 3]);

        Assert.Equal([1f, 2], trimmed.Incoming);
        Assert.Equal([1f, 1, 1, 1], trimmed.Outgoing);
        Assert.Equal([10f + (3 * 26)], trimmed.NextBias);
        Assert.Equal([10f], ActivationZeros.Trim(layer, [0]).NextBias);
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        ActivationZeros zeros = new(2);

        Assert.Throws<ArgumentOutOfRangeException>(() => new ActivationZeros(0));
        Assert.Throws<ArgumentException>(() => zeros.Add([1, 2, 3], 1));
        Assert.Throws<ArgumentException>(() => zeros.Add([1, 2], 2));
        Assert.Throws<ArgumentException>(() => zeros.Add([], 1));
        Assert.Throws<ArgumentException>(() => zeros.Add([1, float.NaN], 1));
        Assert.Throws<InvalidOperationException>(() => zeros.Shares);
        Assert.Throws<ArgumentException>(() => ActivationZeros.KeepByDeviation([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationZeros.KeepByDeviation([0.5], -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationZeros.KeepByDeviation([double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => ActivationZeros.KeepByThreshold([0.5], 2));
        Assert.Throws<ArgumentException>(() => ActivationZeros.Trim(new([1], [1], [1], [1]), [0], [1, 2]));
    }

    private static float[] Hidden(HiddenLayer layer, float[] input) =>
        [.. layer.Incoming.Chunk(layer.FanIn).Select((row, k) => Math.Max(0, row.Zip(input, (w, x) => w * x).Sum() + layer.Bias[k]))];

    private static float[] Outputs(HiddenLayer layer, float[] input) =>
        [.. layer.Outgoing.Chunk(layer.Neurons).Select((row, m) => row.Zip(Hidden(layer, input), (w, x) => w * x).Sum() + layer.NextBias[m])];
}
