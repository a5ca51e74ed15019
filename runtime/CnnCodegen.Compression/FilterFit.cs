using System.Numerics.Tensors;

namespace CnnCodegen.Compression;

/// <summary>Sampled inputs of a layer, against which the outputs of its pruned filters are fitted. Safe for concurrent use.</summary>
public sealed class FilterFit
{
    private readonly double[][] _inputs;
    private readonly Lazy<double[]>[] _products;

    /// <summary>Takes a sample of what the filters are applied to.</summary>
    /// <param name="inputs">T x L: for each sampled output pixel its window, in the order of a filter's weights; 0 for padding.</param>
    /// <param name="length">L, the weights of a filter.</param>
    /// <exception cref="ArgumentException">The inputs are empty, are no whole windows or not finite.</exception>
    public FilterFit(float[] inputs, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        ArgumentNullException.ThrowIfNull(inputs);
        Samples = inputs.Length / length;
        if (Samples == 0) throw new ArgumentException("there are no windows", nameof(inputs));
        Require.Tensor(inputs, (long)Samples * length, $"windows of {length}");
        _inputs = [.. Enumerable.Range(0, length).Select(i => Enumerable.Range(0, Samples).Select(t => (double)inputs[(t * length) + i]).ToArray())];
        _products = [.. _inputs.Select(input => new Lazy<double[]>(() => [.. _inputs.Select(other => TensorPrimitives.Dot<double>(input, other))]))];
    }

    /// <summary>T.</summary>
    public int Samples { get; }

    /// <summary>L.</summary>
    public int Length => _inputs.Length;

    /// <summary>What a filter makes of the samples, T.</summary>
    /// <param name="filter">L.</param>
    public double[] Outputs(float[] filter)
    {
        Require.Tensor(filter, Length, $"filters of {Length}");
        double[] outputs = new double[Samples];
        for (int i = 0; i < Length; i++)
            if (filter[i] != 0) TensorPrimitives.MultiplyAdd(_inputs[i], filter[i], outputs, outputs);
        return outputs;
    }

    /// <summary>‖y - X w‖², the squared error of a filter's outputs.</summary>
    /// <param name="filter">w, L.</param>
    /// <param name="targets">y, T.</param>
    public double Error(float[] filter, double[] targets) => TensorPrimitives.SumOfSquares<double>(Residual(filter, targets));

    /// <summary>
    /// Restores removed weights, one after the other the one that lowers the error of the outputs most, or raises it least; the first of
    /// equals.
    /// </summary>
    /// <param name="filter">The weights before any was removed, L.</param>
    /// <param name="kept">Which ones are kept, L.</param>
    /// <param name="count">How many are kept afterwards: from those that are kept to all.</param>
    /// <param name="targets">The outputs to come near, T.</param>
    /// <returns>Which ones are kept afterwards.</returns>
    public bool[] Restore(float[] filter, bool[] kept, int count, double[] targets)
    {
        double[] residual = Residual(Masked(filter, kept), targets);
        int start = kept.Count(k => k);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length);
        bool[] result = [.. kept];
        if (count == start) return result;
        double[] correlation = [.. _inputs.Select(input => TensorPrimitives.Dot<double>(input, residual))];
        double[] squares = [.. _inputs.Select(input => TensorPrimitives.SumOfSquares<double>(input))];
        for (; start < count; start++)
        {
            (int best, double most) = (-1, double.NegativeInfinity);
            for (int i = 0; i < Length; i++)
            {
                if (result[i]) continue;
                // ‖r‖² - ‖r - w x‖²
                double gain = filter[i] * ((2 * correlation[i]) - (filter[i] * squares[i]));
                if (gain > most) (best, most) = (i, gain);
            }

            result[best] = true;
            TensorPrimitives.MultiplyAdd(_products[best].Value, -filter[best], correlation, correlation);
        }

        return result;
    }

    /// <summary>
    /// The kept weights of least squared error of the outputs. Among several solutions, those weights stay as they are that the samples
    /// say nothing new about: of inputs that are always 0, or that depend on others.
    /// </summary>
    /// <param name="filter">The weights, L.</param>
    /// <param name="kept">Which ones are kept, L; the others become 0.</param>
    /// <param name="targets">The outputs to come near, T.</param>
    public float[] Tune(float[] filter, bool[] kept, double[] targets)
    {
        float[] tuned = Masked(filter, kept);
        int[] support = [.. Enumerable.Range(0, Length).Where(i => kept[i])];
        double[] residual = Residual(tuned, targets);
        double[] correction = LeastSquares.SolveNormal(
            [.. support.Select(i => Array.ConvertAll(support, j => _products[i].Value[j]))],
            Array.ConvertAll(support, i => TensorPrimitives.Dot<double>(_inputs[i], residual)));
        for (int s = 0; s < support.Length; s++) tuned[support[s]] = (float)(tuned[support[s]] + correction[s]);
        return tuned;
    }

    private double[] Residual(float[] filter, double[] targets)
    {
        if (targets.Length != Samples) throw new ArgumentException($"there are {targets.Length}, for {Samples} samples", nameof(targets));
        double[] outputs = Outputs(filter);
        TensorPrimitives.Subtract(targets, outputs, outputs);
        return outputs;
    }

    private float[] Masked(float[] filter, bool[] kept)
    {
        Require.Tensor(filter, Length, $"filters of {Length}");
        if (kept.Length != Length) throw new ArgumentException($"there are {kept.Length}, for {Length} weights", nameof(kept));
        return [.. filter.Select((w, i) => kept[i] ? w : 0)];
    }
}
