namespace CnnCodegen.Compression;

/// <summary>What a layer does once: its multiplications by non-zero weights, and the bytes that move between a level of memory and the next nearer one.</summary>
/// <param name="Macs">Multiply-accumulates.</param>
/// <param name="L1Bytes">Bytes between the registers and the first cache.</param>
/// <param name="L2Bytes">Bytes between the first and the second cache.</param>
/// <param name="L3Bytes">Bytes between the second and the third cache.</param>
/// <param name="DramBytes">Bytes between the caches and main memory.</param>
public readonly record struct LayerWork(double Macs, double L1Bytes, double L2Bytes, double L3Bytes, double DramBytes);

/// <summary>
/// The energy of a multiply-accumulate and of a byte of each level, in any unit (Yang, Chen, Sze 2017). The default has a float32
/// multiply-accumulate for its unit, and for an access of 4 bytes the ratios 1, 2, 6 and 200 that are customary for the four levels of
/// an accelerator's memory; measure a machine for better ones.
/// </summary>
/// <param name="Mac">Of a multiply-accumulate.</param>
/// <param name="L1">Of a byte.</param>
/// <param name="L2">Of a byte.</param>
/// <param name="L3">Of a byte.</param>
/// <param name="Dram">Of a byte.</param>
public sealed record EnergyCosts(double Mac = 1, double L1 = 0.25, double L2 = 0.5, double L3 = 1.5, double Dram = 50)
{
    /// <summary>The energy of a layer.</summary>
    /// <exception cref="ArgumentException">A number of the work, or a cost, is negative or not finite.</exception>
    public double Of(LayerWork work)
    {
        double[] terms = [work.Macs, work.L1Bytes, work.L2Bytes, work.L3Bytes, work.DramBytes, Mac, L1, L2, L3, Dram];
        if (terms.Any(t => !(t >= 0) || !double.IsFinite(t))) throw new ArgumentException($"{work} and {this} must be finite and not negative", nameof(work));
        return (Mac * work.Macs) + (L1 * work.L1Bytes) + (L2 * work.L2Bytes) + (L3 * work.L3Bytes) + (Dram * work.DramBytes);
    }

    /// <summary>The order in which to prune layers: those of most energy first; of equals, the first.</summary>
    /// <param name="layers">What each layer does.</param>
    /// <returns>The layers' numbers.</returns>
    public int[] Order(IReadOnlyList<LayerWork> layers) => [.. Enumerable.Range(0, layers.Count).OrderByDescending(i => Of(layers[i]))];
}
