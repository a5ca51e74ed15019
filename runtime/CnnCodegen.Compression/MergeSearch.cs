using System.Numerics.Tensors;

namespace CnnCodegen.Compression;

/// <summary>The neurons that <see cref="NeuronMerging"/> has left, and for each the cheapest one to delete it into.</summary>
internal sealed class MergeSearch
{
    // Vectors whose sum is this much smaller than their difference are opposite but for the rounding of their float32 weights.
    private const double Opposite = 1e-6;

    private readonly double[] _scale, _bias, _sent;
    private readonly double[][] _weights;
    private readonly double[,] _distance;
    private readonly bool[] _constant, _gone;
    private readonly int[] _into;

    /// <summary>Compares all pairs of neurons.</summary>
    /// <param name="layer">The neurons.</param>
    /// <param name="homogeneous">Whether multiples of a neuron are as good as equal ones.</param>
    public MergeSearch(HiddenLayer layer, bool homogeneous)
    {
        int count = layer.Neurons;
        _weights = [.. layer.Incoming.Chunk(layer.FanIn).Select(row => Array.ConvertAll(row, w => (double)w))];
        _constant = Array.ConvertAll(_weights, row => Array.TrueForAll(row, w => w == 0));
        _gone = [.. _constant];
        _scale = [.. _weights.Select((row, k) => homogeneous && !_constant[k] ? TensorPrimitives.Norm<double>(row) : 1)];
        for (int k = 0; k < count; k++) TensorPrimitives.Divide(_weights[k], _scale[k], _weights[k]);
        _bias = [.. layer.Bias.Select((b, k) => b / _scale[k])];
        Outgoing = [.. Enumerable.Range(0, count).Select(layer.Column)];
        _sent = [.. Enumerable.Range(0, count).Select(MeanSquareSent)];
        _distance = new double[count, count];
        Parallel.For(0, count, j =>
        {
            for (int i = 0; i < j; i++) _distance[i, j] = _distance[j, i] = SquaredDistance(i, j);
        });
        _into = [.. Enumerable.Range(0, count).Select(Cheapest)];
    }

    /// <summary>What each neuron sends on, M x T.</summary>
    public double[][] Outgoing { get; }

    /// <summary>Whether a neuron's output does not depend on its inputs.</summary>
    public bool IsConstant(int neuron) => _constant[neuron];

    /// <summary>The cost of deleting neuron j into neuron i.</summary>
    public double Saliency(int i, int j)
    {
        if (i == j || _gone[i] || _gone[j]) return double.PositiveInfinity;
        double distance = _distance[i, j];
        return double.IsFinite(distance) ? _sent[j] * distance : distance;
    }

    /// <summary>The pair of least saliency, the lowest of equals; null if no pair can merge.</summary>
    public (int Into, int Gone, double Saliency)? Best()
    {
        (int Into, int Gone, double Saliency)? best = null;
        for (int j = 0; j < _into.Length; j++)
        {
            double saliency = Saliency(_into[j], j);
            if (!double.IsFinite(saliency)) continue;
            if (best is not { } b || saliency < b.Saliency || (saliency == b.Saliency && _into[j] < b.Into)) best = (_into[j], j, saliency);
        }

        return best;
    }

    /// <summary>Deletes a neuron into another one.</summary>
    public void Merge(int into, int gone)
    {
        TensorPrimitives.MultiplyAdd(Outgoing[gone], _scale[gone] / _scale[into], Outgoing[into], Outgoing[into]);
        _sent[into] = MeanSquareSent(into);
        _gone[gone] = true;
        // Costs changed only for the survivor's own removal and for those that would have gone into the deleted one.
        for (int j = 0; j < _into.Length; j++)
            if (j == into || _into[j] == gone) _into[j] = Cheapest(j);
    }

    private int Cheapest(int gone)
    {
        int best = 0;
        for (int i = 1; i < _gone.Length; i++)
            if (Saliency(i, gone) < Saliency(best, gone)) best = i;
        return best;
    }

    private double MeanSquareSent(int neuron) =>
        _scale[neuron] * _scale[neuron] * TensorPrimitives.SumOfSquares<double>(Outgoing[neuron]) / Outgoing[neuron].Length;

    private double SquaredDistance(int i, int j)
    {
        double difference = TensorPrimitives.Distance<double>(_weights[i], _weights[j]);
        // The parallelogram law saves adding the vectors; an opposite pair's remainder is far below what counts as opposite.
        double squares = TensorPrimitives.SumOfSquares<double>(_weights[i]) + TensorPrimitives.SumOfSquares<double>(_weights[j]);
        double sum = Math.Sqrt(Math.Max(0, (2 * squares) - (difference * difference)));
        double distance = Ratio(difference, sum) + Ratio(Math.Abs(_bias[i] - _bias[j]), Math.Abs(_bias[i] + _bias[j]));
        return distance * distance;
    }

    private static double Ratio(double difference, double sum) =>
        difference == 0 ? 0 : sum <= Opposite * difference ? double.PositiveInfinity : difference / sum;
}
