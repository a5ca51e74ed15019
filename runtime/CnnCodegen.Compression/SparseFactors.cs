namespace CnnCodegen.Compression;

/// <summary>
/// Three layers in place of a convolution: 1x1 to mixed channels, one or more spatial filters on each of those, and sparse 1x1 to the
/// outputs. Weight [k, c, t] of the convolution is the sum over the mixed channels d and the filters l of d of
/// Coefficients[k, l] * SpatialBases[l, t] * ChannelBasis[d, c].
/// </summary>
/// <param name="Outputs">K.</param>
/// <param name="Channels">C.</param>
/// <param name="Taps">T, positions of the kernel.</param>
/// <param name="Sizes">How many spatial filters each of the D mixed channels has; Q in all.</param>
/// <param name="ChannelBasis">D x C: weights of the first layer.</param>
/// <param name="SpatialBases">Q x T: weights of the second layer, the filters of a mixed channel one behind the other.</param>
/// <param name="Coefficients">K x Q: weights of the third layer.</param>
public sealed record SparseFactors(int Outputs, int Channels, int Taps, int[] Sizes, float[] ChannelBasis, float[] SpatialBases, float[] Coefficients)
{
    /// <summary>Q, the rows between the second and the third layer.</summary>
    public int Rows => Sizes.Sum();

    /// <summary>The weights of one convolution that does the same, K x C x T, summed in float64.</summary>
    public float[] Expand()
    {
        int[] mixed = Mixed();
        double[] weights = new double[Outputs * Channels * Taps];
        for (int k = 0; k < Outputs; k++)
            for (int l = 0; l < mixed.Length; l++)
            {
                double coefficient = Coefficients[(k * mixed.Length) + l];
                if (coefficient == 0) continue;
                for (int c = 0; c < Channels; c++)
                {
                    double product = coefficient * ChannelBasis[(mixed[l] * Channels) + c];
                    for (int t = 0; t < Taps; t++) weights[(((k * Channels) + c) * Taps) + t] += product * SpatialBases[(l * Taps) + t];
                }
            }

        return Array.ConvertAll(weights, w => (float)w);
    }

    /// <summary>The factors with the largest coefficients only; among equal ones, the first.</summary>
    /// <param name="density">The share of coefficients to keep, from 0 to 1, rounded up.</param>
    public SparseFactors ToDensity(double density) => this with { Coefficients = MagnitudePruning.ToDensity(Coefficients, density) };

    /// <summary>
    /// Leaves out the spatial filters that no output uses, and the mixed channels that then have none. Changes no weight. All are left out
    /// if all coefficients are 0.
    /// </summary>
    /// <param name="uniform">
    /// Whether all mixed channels keep equally many filters, for a depthwise convolution of one multiplier: those with fewer used ones keep
    /// unused ones, too.
    /// </param>
    public SparseFactors WithoutUnusedRows(bool uniform = false)
    {
        int[] mixed = Mixed();
        bool[] used = [.. Enumerable.Range(0, mixed.Length).Select(l => Enumerable.Range(0, Outputs).Any(k => Coefficients[(k * mixed.Length) + l] != 0))];
        ILookup<int, int> rows = Enumerable.Range(0, mixed.Length).ToLookup(l => mixed[l]);
        int[] keptMixed = [.. Enumerable.Range(0, Sizes.Length).Where(d => rows[d].Any(l => used[l]))];
        int least = uniform && keptMixed.Length > 0 ? keptMixed.Max(d => rows[d].Count(l => used[l])) : 0;
        int[][] kept = [.. keptMixed.Select(d => rows[d].OrderByDescending(l => used[l]).Take(Math.Max(least, rows[d].Count(l => used[l]))).Order().ToArray())];
        if (uniform && kept.Any(rowsOf => rowsOf.Length < least))
            throw new InvalidOperationException($"A mixed channel has fewer than {least} spatial filters, so the channels cannot have equally many.");
        int[] keptRows = [.. kept.SelectMany(rowsOf => rowsOf)];
        return this with
        {
            Sizes = [.. kept.Select(rowsOf => rowsOf.Length)],
            ChannelBasis = [.. keptMixed.SelectMany(d => ChannelBasis[(d * Channels)..((d + 1) * Channels)])],
            SpatialBases = [.. keptRows.SelectMany(l => SpatialBases[(l * Taps)..((l + 1) * Taps)])],
            Coefficients = [.. Enumerable.Range(0, Outputs).SelectMany(k => keptRows.Select(l => Coefficients[(k * mixed.Length) + l]))],
        };
    }

    /// <summary>The mixed channel of each row.</summary>
    private int[] Mixed() => [.. Sizes.SelectMany((size, d) => Enumerable.Repeat(d, size))];
}
