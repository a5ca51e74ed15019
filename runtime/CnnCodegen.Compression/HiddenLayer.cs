namespace CnnCodegen.Compression;

/// <summary>
/// A layer of K neurons, or filters, together with the weights that read its outputs, in the order in which weight files hold them.
/// Methods that remove neurons take one and return a smaller one.
/// </summary>
/// <remarks>
/// The layer that reads may be fully connected (T = 1), fully connected behind a flattening (T = the positions of a channel's plane) or
/// a convolution of one group (T = the positions of its kernel).
/// </remarks>
public sealed record HiddenLayer
{
    /// <summary>Takes the arrays as they are; the sizes follow from their lengths.</summary>
    /// <param name="incoming">Weights of the layer, K x C: row k makes neuron k.</param>
    /// <param name="bias">Bias of the layer, K; zeros for a layer without one.</param>
    /// <param name="outgoing">Weights of the next layer, M x K x T.</param>
    /// <param name="nextBias">Bias of the next layer, M; zeros for a layer without one.</param>
    /// <exception cref="ArgumentException">A length is 0, does not divide into the others, or a value is not finite.</exception>
    public HiddenLayer(float[] incoming, float[] bias, float[] outgoing, float[] nextBias)
    {
        Check(incoming, bias.Length, "the neurons of the bias");
        Check(outgoing, (long)bias.Length * nextBias.Length, "the neurons of both biases");
        Require.Finite(bias);
        Require.Finite(nextBias);
        (Incoming, Bias, Outgoing, NextBias) = (incoming, bias, outgoing, nextBias);
    }

    /// <summary>K x C.</summary>
    public float[] Incoming { get; }

    /// <summary>K.</summary>
    public float[] Bias { get; }

    /// <summary>M x K x T.</summary>
    public float[] Outgoing { get; }

    /// <summary>M.</summary>
    public float[] NextBias { get; }

    /// <summary>K.</summary>
    public int Neurons => Bias.Length;

    /// <summary>C, the weights of one neuron.</summary>
    public int FanIn => Incoming.Length / Neurons;

    /// <summary>M.</summary>
    public int NextNeurons => NextBias.Length;

    /// <summary>T, the weights between one neuron and one of the next layer.</summary>
    public int Taps => Outgoing.Length / Neurons / NextNeurons;

    /// <summary>The layer without all but some neurons; what the others sent on is lost.</summary>
    /// <param name="kept">The neurons that stay, ascending, at least one.</param>
    /// <exception cref="ArgumentException">They are not that.</exception>
    public HiddenLayer Keep(IReadOnlyList<int> kept)
    {
        CheckKept(kept);
        int taps = Taps;
        return new(
            [.. kept.SelectMany(k => Incoming.AsMemory(k * FanIn, FanIn).ToArray())],
            [.. kept.Select(k => Bias[k])],
            [.. Enumerable.Range(0, NextNeurons).SelectMany(m => kept.SelectMany(k => Outgoing.AsMemory(((m * Neurons) + k) * taps, taps).ToArray()))],
            [.. NextBias]);
    }

    /// <summary>
    /// A layer of more neurons, of which those of this layer take the given places and the others have weights and biases of 0: what a
    /// network holds that removes dead neurons in a later step.
    /// </summary>
    /// <param name="places">The place of each neuron, ascending: what <see cref="Keep"/> was given.</param>
    /// <param name="neurons">How many neurons the larger layer has.</param>
    /// <exception cref="ArgumentException">There is not one place for each neuron, or they are not ascending or out of range.</exception>
    public HiddenLayer Spread(IReadOnlyList<int> places, int neurons)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(neurons, Neurons);
        int taps = Taps;
        HiddenLayer spread = new(new float[neurons * FanIn], new float[neurons], new float[NextNeurons * neurons * taps], [.. NextBias]);
        spread.CheckKept(places);
        if (places.Count != Neurons) throw new ArgumentException($"are {places.Count}, for {Neurons} neurons", nameof(places));
        for (int k = 0; k < Neurons; k++)
        {
            spread.Bias[places[k]] = Bias[k];
            Incoming.AsSpan(k * FanIn, FanIn).CopyTo(spread.Incoming.AsSpan(places[k] * FanIn));
            for (int m = 0; m < NextNeurons; m++)
                Outgoing.AsSpan(((m * Neurons) + k) * taps, taps).CopyTo(spread.Outgoing.AsSpan(((m * neurons) + places[k]) * taps));
        }

        return spread;
    }

    /// <summary>Refuses lists of neurons that are empty, not ascending or out of range.</summary>
    internal void CheckKept(IReadOnlyList<int> kept)
    {
        bool ascends = kept.Zip(kept.Skip(1), (a, b) => a < b).All(rises => rises);
        if (kept.Count == 0 || !ascends || kept[0] < 0 || kept[^1] >= Neurons)
            throw new ArgumentException($"must be at least one of the {Neurons} neurons, ascending", nameof(kept));
    }

    /// <summary>What one neuron sends on, M x T: element (m, t) at m * T + t.</summary>
    internal double[] Column(int neuron)
    {
        double[] column = new double[NextNeurons * Taps];
        for (int i = 0; i < column.Length; i++) column[i] = Outgoing[Place(neuron, i)];
        return column;
    }

    /// <summary>The layer with other outgoing weights, given by what each neuron sends on.</summary>
    internal HiddenLayer WithColumns(IReadOnlyList<double[]> columns, float[] nextBias)
    {
        float[] outgoing = new float[Outgoing.Length];
        for (int k = 0; k < columns.Count; k++)
            for (int i = 0; i < columns[k].Length; i++) outgoing[Place(k, i)] = (float)columns[k][i];
        return new(Incoming, Bias, outgoing, nextBias);
    }

    private int Place(int neuron, int element) => (((element / Taps * Neurons) + neuron) * Taps) + (element % Taps);

    private static void Check(float[] weights, long rows, string meaning, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(weights))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(weights, name);
        if (rows == 0 || weights.Length == 0 || weights.Length % rows != 0)
            throw new ArgumentException($"{weights.Length} values cannot be divided among {rows}, {meaning}", name);
        Require.Finite(weights, name);
    }
}
