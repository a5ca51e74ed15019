namespace CnnCodegen.Compression.Tests;

public sealed class DivNetTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Sets_are_drawn_as_often_as_their_determinants_say(int count)
    {
        const int neurons = 5, draws = 20000;
        double[,] kernel = InnerProducts([.. Numbers.Random(neurons * neurons, 1).Chunk(neurons)]);
        Dictionary<string, double> weights = Subsets(neurons, count).ToDictionary(Key, set => Determinant(kernel, set));
        Dictionary<string, int> drawn = weights.ToDictionary(w => w.Key, _ => 0);

        for (int seed = 0; seed < draws; seed++) drawn[Key(DivNet.Sample(kernel, count, seed))]++;

        double total = weights.Values.Sum();
        Assert.All(weights, w =>
        {
            double p = w.Value / total;
            Assert.Equal(p, drawn[w.Key] / (double)draws, (5 * Math.Sqrt(p * (1 - p) / draws)) + 1e-12);
        });
    }

    [Fact]
    public void Unlike_probabilities_are_drawn_right_too()
    {
        double[,] diagonal = { { 1, 0, 0 }, { 0, 100, 0 }, { 0, 0, 10 } };

        int[][] sets = [.. Enumerable.Range(0, 5000).Select(seed => DivNet.Sample(diagonal, 2, seed))];

        Assert.Equal(1000 / 1110.0, sets.Count(s => Key(s) == "1,2") / 5000.0, 0.025);
        Assert.Equal(100 / 1110.0, sets.Count(s => Key(s) == "0,1") / 5000.0, 0.025);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Like_neurons_are_hardly_ever_drawn_together(int count)
    {
        double[,] kernel = { { 1, 0.99, 0, 0 }, { 0.99, 1, 0, 0 }, { 0, 0, 2, 1.9 }, { 0, 0, 1.9, 2 } };
        int[][] subsets = [.. Subsets(4, count)];
        double together = subsets.Where(set => set[0] == 0 && set[1] == 1).Sum(set => Determinant(kernel, set)) / subsets.Sum(set => Determinant(kernel, set));

        int drawn = Enumerable.Range(0, 10000).Count(seed => DivNet.Sample(kernel, count, seed) is [0, 1, ..]);

        Assert.Equal(together, drawn / 10000.0, 5 * Math.Sqrt(together * (1 - together) / 10000));
    }

    [Fact]
    public void Large_kernels_do_not_overflow()
    {
        double[,] kernel = DivNet.Kernel(Numbers.Random(3 * 300, 2), 300);

        int[] set = DivNet.Sample(kernel, 150, 3);

        Assert.Equal(150, set.Distinct().Count());
        Assert.Equal(set, DivNet.Sample(kernel, 150, 3));
        Assert.NotEqual(set, DivNet.Sample(kernel, 150, 4));
    }

    [Fact]
    public void A_kernel_entry_is_a_gaussian_of_the_distance()
    {
        double[,] kernel = DivNet.Kernel([0, 1, 2, 2], 2);

        Assert.Equal(1.01, kernel[0, 0], 1e-15);
        Assert.Equal(Math.Exp(-10 / 2.0 * 1), kernel[0, 1], 1e-15);
        Assert.Equal(kernel[0, 1], kernel[1, 0]);
    }

    [Fact]
    public void The_greedy_set_is_the_best_one_where_neurons_come_in_equal_groups()
    {
        // Neurons 0 2 4, 1 5 and 3 are alike; alone, the determinant of a set is largest if it has one of each group.
        float[] a = Numbers.Random(9, 5), b = Numbers.Random(9, 6), c = Numbers.Random(9, 7);
        float[][] columns = [a, b, a, c, a, b];
        double[,] kernel = DivNet.Kernel([.. Enumerable.Range(0, 9).SelectMany(t => columns.Select(v => v[t]))], 6);

        Assert.Equal([0, 1, 3], DivNet.Greedy(kernel, 3));
        Assert.Equal(Determinant(kernel, [0, 1, 3]), Subsets(6, 3).Max(set => Determinant(kernel, set)), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_greedy_set_is_the_best_one_of_a_diagonal_kernel(int count)
    {
        double[,] kernel = { { 2, 0, 0, 0 }, { 0, 5, 0, 0 }, { 0, 0, 3, 0 }, { 0, 0, 0, 5 } };

        Assert.Equal(Subsets(4, count).MaxBy(set => Determinant(kernel, set)), DivNet.Greedy(kernel, count));
    }

    [Theory]
    [InlineData(2, 8)]
    [InlineData(4, 16)]
    [InlineData(5, 17)]
    public void Each_greedy_step_raises_the_determinant_most(int count, int seed)
    {
        double[,] kernel = DivNet.Kernel(Numbers.Random(8 * 7, seed), 7, beta: 0.01);
        List<int> expected = [];
        while (expected.Count < count)
            expected.Add(Enumerable.Range(0, 7).Except(expected).MaxBy(i => Determinant(kernel, [.. expected, i])));

        Assert.Equal(expected.Order(), DivNet.Greedy(kernel, count));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Removed_activations_that_are_combinations_of_kept_ones_change_nothing(int taps)
    {
        const int samples = 20, neurons = 6, next = 4;
        float[] activations = Numbers.Random(samples * neurons, 9);
        for (int t = 0; t < samples; t++)
        {
            Span<float> row = activations.AsSpan(t * neurons, neurons);
            row[1] = (2 * row[0]) - row[3];
            row[5] = row[4] / 2;
        }

        HiddenLayer layer = Layer(neurons, next, taps, 10);

        HiddenLayer fused = DivNet.Fuse(layer, activations, [0, 2, 3, 4]);

        double[] before = Sums(layer, activations), after = Sums(fused, Columns(activations, neurons, [0, 2, 3, 4]));
        for (int i = 0; i < before.Length; i++) Assert.Equal(before[i], after[i], 1e-5);
        Assert.Equal(layer.NextBias, fused.NextBias);
    }

    [Fact]
    public void Fused_weights_are_a_least_squares_fit()
    {
        const int samples = 30, neurons = 5;
        int[] kept = [1, 2, 4];
        float[] activations = Numbers.Random(samples * neurons, 11), left = Columns(activations, neurons, kept);
        HiddenLayer layer = Layer(neurons, 2, 1, 12);

        HiddenLayer fused = DivNet.Fuse(layer, activations, kept);

        // The error of the best fit is orthogonal to everything that can be made of the kept activations.
        double[] before = Sums(layer, activations), after = Sums(fused, left);
        for (int m = 0; m < 2; m++)
            for (int k = 0; k < kept.Length; k++)
                Assert.Equal(0, Enumerable.Range(0, samples).Sum(t => left[(t * kept.Length) + k] * (before[(t * 2) + m] - after[(t * 2) + m])), 1e-5);
    }

    [Fact]
    public void Fusing_with_dependent_or_dead_kept_neurons_stays_finite()
    {
        float[] activations = [1, 1, 0, 2, 2, 2, 0, 4, 3, 3, 0, 6];
        HiddenLayer layer = Layer(4, 2, 1, 13);

        HiddenLayer fused = DivNet.Fuse(layer, activations, [0, 1, 2]);

        double[] before = Sums(layer, activations), after = Sums(fused, Columns(activations, 4, [0, 1, 2]));
        for (int i = 0; i < before.Length; i++) Assert.Equal(before[i], after[i], 1e-5);
    }

    [Fact]
    public void Kept_neurons_that_differ_by_their_rounding_get_no_huge_weights()
    {
        float[] activations = Numbers.Random(50 * 3, 14);
        for (int t = 0; t < 50; t++) activations[(t * 3) + 1] = activations[t * 3] / 3;
        HiddenLayer layer = Layer(3, 2, 1, 15);

        Assert.All(DivNet.Fuse(layer, activations, [0, 1]).Outgoing, w => Assert.InRange(w, -5, 5));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        double[,] equal = DivNet.Kernel([1, 1, 1, 2, 2, 2], 3, epsilon: 0);

        Assert.Throws<ArgumentException>(() => DivNet.Sample(equal, 2, 1));
        Assert.Throws<ArgumentException>(() => DivNet.Greedy(equal, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => DivNet.Greedy(equal, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DivNet.Sample(equal, 4, 1));
        Assert.Throws<ArgumentException>(() => DivNet.Greedy(new double[2, 3], 1));
        Assert.Throws<ArgumentException>(() => DivNet.Greedy(new double[,] { { 1, 2 }, { 3, 1 } }, 1));
        Assert.Throws<ArgumentException>(() => DivNet.Sample(new double[,] { { 1, 2 }, { 2, 1 } }, 1, 1));
        Assert.Throws<ArgumentException>(() => DivNet.Kernel([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => DivNet.Kernel([], 2));
        Assert.Throws<ArgumentException>(() => DivNet.Kernel([float.NaN], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DivNet.Kernel([1], 1, epsilon: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => DivNet.Kernel([1], 1, beta: double.NaN));
        Assert.Throws<ArgumentException>(() => DivNet.Fuse(Layer(3, 1, 1, 1), [1, 2, 3], [2, 1]));
        Assert.Throws<ArgumentException>(() => DivNet.Fuse(Layer(3, 1, 1, 1), [1, 2], [1]));
    }

    private static double[,] InnerProducts(float[][] vectors)
    {
        double[,] products = new double[vectors.Length, vectors.Length];
        for (int i = 0; i < vectors.Length; i++)
            for (int j = 0; j < vectors.Length; j++) products[i, j] = vectors[i].Zip(vectors[j], (x, y) => (double)x * y).Sum();
        return products;
    }

    private static HiddenLayer Layer(int neurons, int next, int taps, int seed) =>
        new(Numbers.Random(neurons, seed), Numbers.Random(neurons, seed + 1), Numbers.Random(next * neurons * taps, seed + 2), Numbers.Random(next, seed + 3));

    private static float[] Columns(float[] activations, int neurons, int[] columns) => [.. activations.Chunk(neurons).SelectMany(row => columns.Select(c => row[c]))];

    /// <summary>What each tap of each next neuron gets at each sample.</summary>
    private static double[] Sums(HiddenLayer layer, float[] activations) =>
    [
        .. activations.Chunk(layer.Neurons).SelectMany(row => Enumerable.Range(0, layer.NextNeurons * layer.Taps).Select(i =>
            Enumerable.Range(0, layer.Neurons).Sum(k => (double)row[k] * layer.Outgoing[(((i / layer.Taps * layer.Neurons) + k) * layer.Taps) + (i % layer.Taps)]))),
    ];

    private static string Key(int[] set) => string.Join(',', set);

    private static IEnumerable<int[]> Subsets(int n, int count) =>
        Enumerable.Range(0, 1 << n).Where(bits => int.PopCount(bits) == count).Select(bits => Enumerable.Range(0, n).Where(i => (bits >> i & 1) == 1).ToArray());

    /// <summary>By expansion along the first row.</summary>
    private static double Determinant(double[,] kernel, int[] rows) => Determinant(kernel, rows, rows);

    private static double Determinant(double[,] kernel, int[] rows, int[] columns) => rows.Length == 0
        ? 1
        : columns.Select((column, i) => (i % 2 == 0 ? 1 : -1) * kernel[rows[0], column] * Determinant(kernel, rows[1..], [.. columns.Where(c => c != column)])).Sum();
}
