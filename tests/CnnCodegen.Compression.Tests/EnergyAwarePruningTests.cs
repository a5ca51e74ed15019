namespace CnnCodegen.Compression.Tests;

public sealed class EnergyAwarePruningTests
{
    [Fact]
    public void Energy_is_work_times_costs()
    {
        EnergyCosts costs = new(Mac: 2, L1: 3, L2: 5, L3: 7, Dram: 11);

        Assert.Equal(2 + 30 + 500 + 7000 + 110000, costs.Of(new(1, 10, 100, 1000, 10000)));
        Assert.Equal(1 + 1 + 2 + 6 + 200, new EnergyCosts().Of(new(1, 4, 4, 4, 4)));
    }

    [Fact]
    public void Layers_come_in_the_order_of_their_energy_and_the_first_of_equals()
    {
        LayerWork light = new(10, 0, 0, 0, 0), heavy = new(5, 0, 0, 0, 1);

        Assert.Equal([1, 3, 0, 2], new EnergyCosts().Order([light, heavy, light, heavy]));
        Assert.Equal([0, 2, 1, 3], new EnergyCosts(Dram: 0).Order([light, heavy, light, heavy]));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 6)]
    [InlineData(3, 8)]
    public void Each_step_restores_the_weight_that_lowers_the_error_most(int seed, int count)
    {
        (FilterFit fit, float[] filter) = Problem(seed, samples: 12, length: 8);
        double[] targets = fit.Outputs(filter);
        bool[] kept = [false, true, false, false, true, false, false, false], expected = [.. kept];
        while (expected.Count(k => k) < count)
        {
            int best = Enumerable.Range(0, 8).Where(i => !expected[i]).MinBy(i => fit.Error(Only(filter, [.. expected.Select((k, j) => k || j == i)]), targets));
            expected[best] = true;
        }

        Assert.Equal(expected, fit.Restore(filter, kept, count, targets));
    }

    [Fact]
    public void Equal_weights_are_restored_in_order()
    {
        FilterFit fit = new([1, 0, 0, 0, 1, 0, 0, 0, 1], 3);

        Assert.Equal([true, true, false], fit.Restore([2, 2, 2], [false, false, false], 2, [2, 2, 2]));
    }

    [Fact]
    public void The_error_is_that_of_a_direct_computation()
    {
        (FilterFit fit, float[] filter) = Problem(4, 9, 5);
        float[] inputs = Numbers.Random(9 * 5, 4);
        double[] targets = [.. Numbers.Random(9, 5).Select(v => (double)v)];

        double expected = Enumerable.Range(0, 9).Sum(t => Math.Pow(targets[t] - Enumerable.Range(0, 5).Sum(i => (double)filter[i] * inputs[(t * 5) + i]), 2));

        Assert.Equal(expected, fit.Error(filter, targets), 1e-12);
    }

    [Fact]
    public void Tuning_finds_weights_that_make_the_outputs()
    {
        (FilterFit fit, float[] filter) = Problem(6, 20, 6);
        float[] wanted = [0, 3, 0, -2, 0.5f, 0];

        float[] tuned = fit.Tune(filter, [false, true, false, true, true, true], fit.Outputs(wanted));

        for (int i = 0; i < 6; i++) Assert.Equal(wanted[i], tuned[i], 1e-6);
    }

    [Fact]
    public void No_small_change_of_tuned_weights_is_better()
    {
        (FilterFit fit, float[] filter) = Problem(7, 20, 6);
        double[] targets = [.. Numbers.Random(20, 8).Select(v => (double)v)];
        bool[] kept = [true, false, true, true, false, true];
        float[] tuned = fit.Tune(filter, kept, targets);
        double error = fit.Error(tuned, targets);

        Assert.Equal(kept, tuned.Select(w => w != 0));
        for (int i = 0; i < 6; i++)
            foreach (float step in kept[i] ? new[] { -1e-3f, 1e-3f } : [])
            {
                float[] other = [.. tuned];
                other[i] += step;
                Assert.True(fit.Error(other, targets) > error);
            }
    }

    [Fact]
    public void Weights_of_dead_and_repeated_inputs_stay_finite()
    {
        // Input 1 is always 0, inputs 0 and 2 are equal, input 3 is their sum; there are more weights than independent samples.
        FilterFit fit = new([1, 0, 1, 2, 5, 3, 0, 3, 6, 5, -1, 0, -1, -2, 4], 5);
        float[] filter = [1, 7, 2, 3, 4];

        float[] tuned = fit.Tune(filter, [true, true, false, true, true], fit.Outputs(filter));

        Assert.All(tuned, w => Assert.True(float.IsFinite(w)));
        Assert.Equal(7, tuned[1]);
        Assert.Equal(0, fit.Error(tuned, fit.Outputs(filter)), 1e-8);
    }

    [Fact]
    public void Inputs_that_differ_by_their_rounding_get_no_huge_weights()
    {
        float[] inputs = Numbers.Random(50 * 3, 13);
        for (int t = 0; t < 50; t++) inputs[(t * 3) + 1] = inputs[t * 3] / 3;
        FilterFit fit = new(inputs, 3);

        Assert.All(fit.Tune([1, 2, 3], [true, true, false], fit.Outputs([1, 2, 3])), w => Assert.InRange(w, -5, 5));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Independent_inputs_give_the_best_of_all_supports(int seed)
    {
        // Inputs of different strength, one a sample: greedy restoring has to find the set of the largest weights times strengths.
        float[] strengths = [3, 0.1f, 1, 0.5f, 2, 0.2f], filter = Numbers.Random(6, seed), inputs = new float[36];
        for (int i = 0; i < 6; i++) inputs[i * 7] = strengths[i];
        FilterFit fit = new(inputs, 6);
        double[] targets = fit.Outputs(filter);

        float[] pruned = EnergyAwarePruning.Prune(filter, 1, fit, density: 0.5, firstDensity: 0);

        double best = Supports(6, 3).Min(kept => fit.Error(fit.Tune(filter, kept, targets), targets));
        Assert.Equal(best, fit.Error(pruned, targets), 1e-12);
        Assert.Equal(3, pruned.Count(w => w != 0));
    }

    [Theory]
    [InlineData(1, 0.3, 0)]
    [InlineData(2, 0.5, 0.25)]
    [InlineData(3, 0.5, 0.5)]
    [InlineData(4, 0.8, 0.1)]
    [InlineData(5, 1, 0)]
    [InlineData(6, 0, 0)]
    public void No_filter_is_worse_than_by_magnitude_or_better_than_the_best_support(int seed, double density, double firstDensity)
    {
        const int filters = 5, length = 8;
        (FilterFit fit, _) = Problem(seed, 10, length);
        float[] weights = Numbers.Random(filters * length, seed + 50), magnitude = MagnitudePruning.ToDensity(weights, density);

        float[][] pruned = [.. EnergyAwarePruning.Prune(weights, filters, fit, density, firstDensity).Chunk(length)];

        for (int k = 0; k < filters; k++)
        {
            float[] filter = weights[(k * length)..((k + 1) * length)], plain = magnitude[(k * length)..((k + 1) * length)];
            double[] targets = fit.Outputs(filter);
            int count = plain.Count(w => w != 0);
            double error = fit.Error(pruned[k], targets);
            Assert.True(pruned[k].Count(w => w != 0) <= count);
            Assert.True(error <= fit.Error(plain, targets));
            Assert.True(error >= Supports(length, count).Min(kept => fit.Error(fit.Tune(filter, kept, targets), targets)) - 1e-9);
        }
    }

    [Fact]
    public void Outputs_before_earlier_layers_were_pruned_can_be_the_target()
    {
        const int filters = 2, length = 4, samples = 10;
        (FilterFit fit, _) = Problem(9, samples, length);
        float[] weights = Numbers.Random(filters * length, 10), targets = Numbers.Random(samples * filters, 11);

        float[] pruned = EnergyAwarePruning.Prune(weights, filters, fit, 1, 0.5, targets);

        for (int k = 0; k < filters; k++)
        {
            double[] wanted = [.. Enumerable.Range(0, samples).Select(t => (double)targets[(t * filters) + k])];
            float[] filter = weights[(k * length)..((k + 1) * length)];
            Assert.Equal(fit.Error(fit.Tune(filter, [true, true, true, true], wanted), wanted), fit.Error(pruned[(k * length)..((k + 1) * length)], wanted), 1e-9);
        }
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        (FilterFit fit, float[] filter) = Problem(12, 3, 4);

        Assert.Throws<ArgumentException>(() => new FilterFit([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => new FilterFit([], 2));
        Assert.Throws<ArgumentException>(() => new FilterFit([float.NaN], 1));
        Assert.Throws<ArgumentException>(() => fit.Error([1, 2], [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => fit.Error(filter, [1, 2]));
        Assert.Throws<ArgumentException>(() => fit.Tune(filter, [true], [1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Restore(filter, [true, true, false, false], 1, [1, 2, 3]));
        Assert.Throws<ArgumentOutOfRangeException>(() => fit.Restore(filter, [true, true, false, false], 5, [1, 2, 3]));
        Assert.Throws<ArgumentException>(() => EnergyAwarePruning.Prune(filter, 2, fit, 0.5, 0.1));
        Assert.Throws<ArgumentException>(() => EnergyAwarePruning.Prune(filter, 1, fit, 0.5, 0.1, [1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnergyAwarePruning.Prune(filter, 1, fit, 1.5, 0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => EnergyAwarePruning.Prune(filter, 1, fit, 0.5, 0.6));
        Assert.Throws<ArgumentException>(() => new EnergyCosts(Mac: double.NaN).Of(default));
        Assert.Throws<ArgumentException>(() => new EnergyCosts().Of(new(-1, 0, 0, 0, 0)));
    }

    private static (FilterFit Fit, float[] Filter) Problem(int seed, int samples, int length) =>
        (new(Numbers.Random(samples * length, seed), length), Numbers.Random(length, seed + 1000));

    private static float[] Only(float[] filter, bool[] kept) => [.. filter.Select((w, i) => kept[i] ? w : 0)];

    private static IEnumerable<bool[]> Supports(int length, int count) =>
        Enumerable.Range(0, 1 << length).Where(bits => int.PopCount(bits) == count).Select(bits => Enumerable.Range(0, length).Select(i => (bits >> i & 1) == 1).ToArray());
}
