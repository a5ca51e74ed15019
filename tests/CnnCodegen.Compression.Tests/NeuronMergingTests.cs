namespace CnnCodegen.Compression.Tests;

public sealed class NeuronMergingTests
{
    private const int FanIn = 7, Next = 5;

    [Theory]
    [InlineData(4)]
    [InlineData(3)] // rounds, so that either of the two may be the cheaper one
    public void A_multiple_of_a_neuron_merges_without_changing_outputs(float factor)
    {
        HiddenLayer layer = Copy(Layer(6, 1), from: 1, to: 4, factor);

        NeuronMerging.Result merged = NeuronMerging.Merge(layer, 1);

        Assert.Equal([1, 4], new[] { merged.Removals[0].Removed, merged.Removals[0].Into!.Value }.Order());
        Assert.Equal(0, merged.Removals[0].Saliency, 1e-12);
        Assert.Equal(5, merged.Layer.Neurons);
        AssertSameOutputs(layer, merged.Layer, taps: 1);
    }

    [Fact]
    public void Kernels_of_the_next_convolution_merge_tap_by_tap()
    {
        const int taps = 9;
        HiddenLayer layer = Copy(Layer(6, 2, taps), from: 3, to: 0, factor: 0.25f);

        NeuronMerging.Result merged = NeuronMerging.Merge(layer, 1);

        Assert.Equal([0, 1, 2, 4, 5], merged.Kept);
        Assert.Equal(taps, merged.Layer.Taps);
        AssertSameOutputs(layer, merged.Layer, taps);
    }

    [Fact]
    public void Other_activations_merge_equal_neurons_only()
    {
        HiddenLayer multiple = Copy(Layer(6, 3), from: 1, to: 4, factor: 3), equal = Copy(Layer(6, 3), from: 1, to: 4, factor: 1);

        Assert.Empty(NeuronMerging.Merge(multiple, 5, cutoff: 1e-9, Math.Tanh).Removals);
        NeuronMerging.Result merged = NeuronMerging.Merge(equal, 5, cutoff: 1e-9, Math.Tanh);

        Assert.Equal([new(4, 1, 0)], merged.Removals);
        AssertSameOutputs(equal, merged.Layer, 1, Math.Tanh);
    }

    [Theory]
    [InlineData(-1f)]
    [InlineData(-3.7f)]
    public void Opposite_neurons_never_merge(float factor)
    {
        HiddenLayer layer = Copy(Layer(2, 4), from: 0, to: 1, factor);

        Assert.All(NeuronMerging.Saliencies(layer).Cast<double>(), s => Assert.Equal(double.PositiveInfinity, s));
        Assert.Empty(NeuronMerging.Merge(layer, 1).Removals);
    }

    [Fact]
    public void Neurons_that_differ_in_a_bias_of_opposite_sign_only_never_merge()
    {
        HiddenLayer layer = Copy(Layer(2, 5), from: 0, to: 1, factor: 1);
        layer.Bias[1] = -layer.Bias[0];

        Assert.Empty(NeuronMerging.Merge(layer, 1).Removals);
    }

    [Theory]
    [InlineData(1.5f, false)]
    [InlineData(-1.5f, false)]
    [InlineData(-1.5f, true)]
    public void A_constant_neuron_folds_into_the_next_bias(float bias, bool pads)
    {
        HiddenLayer layer = Constant(Layer(4, 6, taps: 4), neuron: 2, bias);

        NeuronMerging.Result merged = NeuronMerging.Merge(layer, 1, nextPads: pads);

        Assert.Equal([new(2, null, 0)], merged.Removals);
        Assert.Equal([0, 1, 3], merged.Kept);
        AssertSameOutputs(layer, merged.Layer, 4);
    }

    [Fact]
    public void A_constant_other_than_0_stays_before_zero_padding()
    {
        HiddenLayer layer = Constant(Layer(4, 6), neuron: 2, bias: 1.5f);

        NeuronMerging.Result merged = NeuronMerging.Merge(layer, 3, nextPads: true);

        Assert.Contains(2, merged.Kept);
        Assert.Equal(2, merged.Removals.Count);
    }

    [Fact]
    public void One_of_several_constant_neurons_stays()
    {
        HiddenLayer layer = new(new float[6], [1, 2, 3], [1, 1, 1], [0]);

        NeuronMerging.Result merged = NeuronMerging.Merge(layer, 2);

        Assert.Equal([2], merged.Kept);
        Assert.Equal([3f], merged.Layer.NextBias);
    }

    [Fact]
    public void Of_equal_pairs_the_lowest_goes_first()
    {
        HiddenLayer layer = new([1, 2, 1, 2, 1, 2, 1, 2], [1, 1, 1, 1], [5, 6, 7, 8], [0]);

        NeuronMerging.Result merged = NeuronMerging.Merge(layer, 3);

        Assert.Equal([new(1, 0, 0), new(2, 0, 0), new(3, 0, 0)], merged.Removals);
        Assert.Equal([26f], merged.Layer.Outgoing);
    }

    [Fact]
    public void Two_merges_follow_the_formulas_written_by_hand()
    {
        // Unit rows at 0, 90 and about 53 degrees: the distances are 1 for the right angle and the tangents of the half angles else.
        HiddenLayer layer = new([1, 0, 0, 2, 3, 4], [0, 0, 0], [1, 1, 0.2f], [0]);

        double[,] saliencies = NeuronMerging.Saliencies(layer);
        NeuronMerging.Result merged = NeuronMerging.Merge(layer, 2);

        Assert.Equal(4 * 1, saliencies[0, 1], 1e-12);
        Assert.Equal(1 * (1.0 / 4), saliencies[2, 0], 1e-12);
        Assert.Equal(1 * (1.0 / 9), saliencies[1, 2], 1e-6);
        Assert.Equal(4 * (1.0 / 9), saliencies[2, 1], 1e-12);
        // Normalised, 2 sends 1 and 1 sends 2. After 2 went into 1, at 1 / 9, deleting 1 costs 9 and deleting 0 still 1.
        Assert.Equal([(2, 1), (0, 1)], merged.Removals.Select(r => (r.Removed, r.Into!.Value)));
        Assert.Equal([0.11111, 1], merged.Removals.Select(r => Math.Round(r.Saliency, 5)));
        Assert.Equal(2, merged.Layer.Outgoing[0], 1e-6);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public void The_order_is_that_of_a_full_search(int seed)
    {
        HiddenLayer layer = Layer(12, seed);
        List<(int, int)> expected = [];
        HashSet<int> left = [.. Enumerable.Range(0, 12)];
        double[] alpha = [.. layer.Incoming.Chunk(FanIn).Select(row => Math.Sqrt(row.Sum(w => (double)w * w)))];
        double[][] sent = [.. Enumerable.Range(0, 12).Select(k => Enumerable.Range(0, Next).Select(m => (double)layer.Outgoing[(m * 12) + k]).ToArray())];
        while (expected.Count < 9)
        {
            (int i, int j) = left.SelectMany(i => left.Where(j => j != i), (i, j) => (i, j)).MinBy(p => Cost(p.i, p.j));
            for (int m = 0; m < Next; m++) sent[i][m] += alpha[j] / alpha[i] * sent[j][m];
            left.Remove(j);
            expected.Add((j, i));
        }

        NeuronMerging.Result merged = NeuronMerging.Merge(layer, 9);

        Assert.Equal(expected, merged.Removals.Select(r => (r.Removed, r.Into!.Value)));
        Assert.Equal(left.Order(), merged.Kept);
        Assert.Equal(merged.Kept.Select(k => (float)sent[k][0]), merged.Layer.Outgoing[..3]);

        double Cost(int i, int j)
        {
            double difference = 0, sum = 0, mean = sent[j].Average(a => alpha[j] * alpha[j] * a * a);
            for (int c = 0; c < FanIn; c++)
            {
                double a = layer.Incoming[(i * FanIn) + c] / alpha[i], b = layer.Incoming[(j * FanIn) + c] / alpha[j];
                difference += (a - b) * (a - b);
                sum += (a + b) * (a + b);
            }

            double bi = layer.Bias[i] / alpha[i], bj = layer.Bias[j] / alpha[j];
            return mean * Math.Pow(Math.Sqrt(difference / sum) + (Math.Abs(bi - bj) / Math.Abs(bi + bj)), 2);
        }
    }

    [Fact]
    public void A_cutoff_stops_the_merging()
    {
        HiddenLayer layer = Layer(12, 9);
        double cutoff = NeuronMerging.Merge(layer, 3).Removals[2].Saliency;

        Assert.Equal(2, NeuronMerging.Merge(layer, 11, Math.BitDecrement(cutoff)).Removals.Count);
        Assert.True(NeuronMerging.Merge(layer, 11, cutoff).Removals.Count >= 3);
    }

    [Fact]
    public void The_predicted_cutoff_is_the_fullest_bin()
    {
        double inf = double.PositiveInfinity;
        double[,] saliencies = { { inf, 0, 1, 5, 5.1 }, { 5.2, inf, 5.3, 10, 9 } };

        Assert.Equal(5.5, NeuronMerging.Cutoff(saliencies, 9), 0.51);
        Assert.Equal(0, NeuronMerging.Cutoff(new[,] { { inf } }));
        Assert.Equal(2, NeuronMerging.Cutoff(new[,] { { inf, 2 }, { 2, inf } }));
    }

    [Fact]
    public void Bad_arguments_are_refused()
    {
        HiddenLayer layer = Layer(3, 10);

        Assert.Throws<ArgumentOutOfRangeException>(() => NeuronMerging.Merge(layer, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => NeuronMerging.Merge(layer, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => NeuronMerging.Merge(layer, 1, double.NaN));
        Assert.Throws<ArgumentException>(() => NeuronMerging.Cutoff(new[,] { { double.NaN } }));
        Assert.Throws<ArgumentException>(() => new HiddenLayer([1, 2, 3], [1, 2], [1, 2], [1]));
        Assert.Throws<ArgumentException>(() => new HiddenLayer([1, 2], [1, 2], [1, 2, 3], [1]));
        Assert.Throws<ArgumentException>(() => new HiddenLayer([], [], [], []));
        Assert.Throws<ArgumentException>(() => new HiddenLayer([float.NaN], [1], [1], [1]));
        Assert.Throws<ArgumentException>(() => layer.Keep([]));
        Assert.Throws<ArgumentException>(() => layer.Keep([1, 0]));
        Assert.Throws<ArgumentException>(() => layer.Keep([3]));
    }

    private static HiddenLayer Layer(int neurons, int seed, int taps = 1) => new(
        Numbers.Random(neurons * FanIn, seed), Numbers.Random(neurons, seed + 100), Numbers.Random(Next * neurons * taps, seed + 200), Numbers.Random(Next, seed + 300));

    private static HiddenLayer Copy(HiddenLayer layer, int from, int to, float factor)
    {
        for (int c = 0; c < FanIn; c++) layer.Incoming[(to * FanIn) + c] = factor * layer.Incoming[(from * FanIn) + c];
        layer.Bias[to] = factor * layer.Bias[from];
        return layer;
    }

    private static HiddenLayer Constant(HiddenLayer layer, int neuron, float bias)
    {
        layer.Incoming.AsSpan(neuron * FanIn, FanIn).Clear();
        layer.Bias[neuron] = bias;
        return layer;
    }

    /// <summary>Both make the same of inputs at all taps, in exact arithmetic.</summary>
    private static void AssertSameOutputs(HiddenLayer expected, HiddenLayer actual, int taps, Func<double, double>? activation = null)
    {
        float[] inputs = Numbers.Random(taps * FanIn, 77);
        double[] a = Outputs(expected, inputs, activation), b = Outputs(actual, inputs, activation);
        for (int m = 0; m < Next; m++) Assert.Equal(a[m], b[m], 1e-5);
    }

    private static double[] Outputs(HiddenLayer layer, float[] inputs, Func<double, double>? activation)
    {
        double[] outputs = Array.ConvertAll(layer.NextBias, b => (double)b);
        for (int m = 0; m < Next; m++)
            for (int k = 0; k < layer.Neurons; k++)
                for (int t = 0; t < layer.Taps; t++)
                {
                    double sum = layer.Bias[k];
                    for (int c = 0; c < FanIn; c++) sum += layer.Incoming[(k * FanIn) + c] * inputs[(t * FanIn) + c];
                    outputs[m] += layer.Outgoing[(((m * layer.Neurons) + k) * layer.Taps) + t] * (activation is null ? Math.Max(sum, 0) : activation(sum));
                }

        return outputs;
    }
}
