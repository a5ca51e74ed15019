using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;

namespace CnnCodegen.Compression.Tests;

public sealed class NeuronTests
{
    [Fact]
    public void Merging_scaled_copies_leaves_all_outputs()
    {
        float[][] incoming = [.. Enumerable.Range(0, 6).Select(i => Numbers.Random(8, i))];
        float[] bias = Numbers.Random(6, 9);
        incoming[4] = Array.ConvertAll(incoming[1], w => 3 * w);
        bias[4] = 3 * bias[1];
        incoming[5] = Array.ConvertAll(incoming[1], w => 0.5f * w);
        bias[5] = 0.5f * bias[1];
        Neurons neurons = new(incoming, bias, [.. Enumerable.Range(10, 6).Select(i => Numbers.Random(5, i))]);

        Neurons merged = NeuronMerging.Merge(neurons, 2);

        Assert.Equal(4, merged.Incoming.Count(w => w.Any(x => x != 0)));
        for (int seed = 20; seed < 30; seed++)
        {
            float[] x = Numbers.Random(8, seed);
            Assert.All(Outputs(neurons, x).Zip(Outputs(merged, x)), y => Assert.Equal(y.First, y.Second, 1e-5));
        }
    }

    [Fact]
    public void Merging_stops_at_the_cutoff_and_never_merges_opposites()
    {
        Neurons neurons = new([[1, 0], [-1, 0], [0, 1]], [0, 0, 0], [[1], [1], [1]]);

        Assert.Equal(3, NeuronMerging.Merge(neurons, 2, cutoff: 0.5).Incoming.Count(w => w.Any(x => x != 0)));
        Neurons pair = new([[1, 0], [-1, 0]], [0, 0], [[1], [1]]);
        Assert.Equal(2, NeuronMerging.Merge(pair, 1).Incoming.Count(w => w.Any(x => x != 0)));
    }

    [Fact]
    public void The_neuron_of_least_outgoing_weight_goes()
    {
        Neurons merged = NeuronMerging.Merge(new([[1, 0.1f], [1, 0]], [0, 0], [[0.1f], [5]]), 1);

        Assert.Equal([0, 0], merged.Incoming[0]);
        Assert.Equal(5 + 0.1 * Math.Sqrt(1.01), merged.Outgoing[1][0], 1e-6);
    }

    [Fact]
    public void Subsets_are_drawn_in_proportion_to_their_determinants()
    {
        const int n = 5, k = 2, draws = 40_000;
        Matrix<double> factor = DenseMatrix.OfColumnMajor(n, n, Array.ConvertAll(Numbers.Random(n * n, 4), x => (double)x));
        Matrix<double> kernel = factor.TransposeAndMultiply(factor);
        Dictionary<(int, int), double> determinants = [];
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++) determinants[(i, j)] = (kernel[i, i] * kernel[j, j]) - (kernel[i, j] * kernel[i, j]);
        double total = determinants.Values.Sum();

        Random random = new(1);
        Dictionary<(int, int), int> counts = determinants.ToDictionary(d => d.Key, _ => 0);
        for (int draw = 0; draw < draws; draw++)
        {
            int[] items = DeterminantalProcess.Sample(kernel, k, random);
            counts[(items[0], items[1])]++;
        }

        // Five standard deviations of a binomial count.
        foreach (((int, int) pair, double determinant) in determinants)
        {
            double p = determinant / total;
            Assert.Equal(p, (double)counts[pair] / draws, (5 * Math.Sqrt(p * (1 - p) / draws)) + 1e-9);
        }
    }

    [Fact]
    public void The_greedy_subset_has_no_duplicates()
    {
        Matrix<double> activations = DenseMatrix.OfArray(new double[,] { { 1, 1, 0, 5 }, { 2, 2, 9, 5 }, { 3, 3, 0, 1 } });

        int[] kept = DeterminantalProcess.Greedy(DivNet.Kernel(activations), 3);

        Assert.Equal([2, 3], kept.Where(i => i > 1));
        Assert.Single(kept, i => i < 2);
    }

    [Fact]
    public void Fusing_changes_nothing_where_the_kept_neurons_span_the_others()
    {
        Matrix<double> kept = DenseMatrix.OfColumnMajor(20, 3, Array.ConvertAll(Numbers.Random(60, 5), x => (double)x));
        Matrix<double> activations = DenseMatrix.OfColumnVectors(kept.Column(0), kept.Column(1), kept.Column(2), (2 * kept.Column(0)) - kept.Column(2));
        Neurons neurons = new([[1], [1], [1], [1]], new float[4], [.. Enumerable.Range(0, 4).Select(i => Numbers.Random(6, i))]);

        Neurons fused = DivNet.Fuse(neurons, activations, [0, 1, 2]);

        Assert.All(fused.Outgoing[3], w => Assert.Equal(0, w));
        Assert.True((Next(activations, neurons) - Next(activations, fused)).FrobeniusNorm() < 1e-5);
    }

    [Fact]
    public void Fusing_is_the_least_squares_fit_of_the_next_layers_input()
    {
        Matrix<double> activations = DenseMatrix.OfColumnMajor(30, 4, Array.ConvertAll(Numbers.Random(120, 5), x => (double)x));
        Neurons neurons = new([[1], [1], [1], [1]], new float[4], [.. Enumerable.Range(0, 4).Select(i => Numbers.Random(2, i))]);
        Matrix<double> wanted = Next(activations, neurons);

        Neurons fused = DivNet.Fuse(neurons, activations, [0, 2]);

        // The residual of a least squares fit is orthogonal to what it was fitted with.
        Matrix<double> residual = wanted - Next(activations, fused);
        foreach (int i in (int[])[0, 2])
            for (int k = 0; k < 2; k++) Assert.Equal(0, activations.Column(i).DotProduct(residual.Column(k)), 1e-4);
    }

    [Fact]
    public void Zeros_are_counted_by_channel()
    {
        // Two samples of 2 x 2 channels x 2 pixels (a batch of 2 in the first).
        double[] shares = ChannelActivity.ShareOfZeros([[0, 1, 0, 0, 1, 1, 0, 2], [0, 0, 3, 4]], 2, 2);

        Assert.Equal([0.5, 0.5], shares);
        Assert.Equal([2], ChannelActivity.Idle([0.1, 0.2, 0.9, 0.15], 1));
        Assert.Empty(ChannelActivity.Idle([0.4, 0.4], 1));
    }

    private static Matrix<double> Next(Matrix<double> activations, Neurons neurons) =>
        activations * DenseMatrix.Create(neurons.Count, neurons.Outgoing[0].Length, (i, k) => neurons.Outgoing[i][k]);

    private static double[] Outputs(Neurons neurons, float[] x)
    {
        double[] y = new double[neurons.Outgoing[0].Length];
        for (int i = 0; i < neurons.Count; i++)
        {
            double h = Math.Max(0, neurons.Bias[i] + neurons.Incoming[i].Zip(x).Sum(p => (double)p.First * p.Second));
            for (int k = 0; k < y.Length; k++) y[k] += h * neurons.Outgoing[i][k];
        }
        return y;
    }
}
