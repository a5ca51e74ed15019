namespace CnnCodegen.Benchmarks;

/// <summary>What measurements of one thing come to.</summary>
/// <param name="BestMs">The fastest: other load on the machine can only slow a run down.</param>
/// <param name="MedianMs">The one in the middle.</param>
/// <param name="Runs">How many there were.</param>
internal sealed record Timing(double BestMs, double MedianMs, int Runs)
{
    /// <param name="milliseconds">At least one.</param>
    public static Timing Of(IEnumerable<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return new Timing(sorted[0], (sorted[sorted.Length / 2] + sorted[(sorted.Length - 1) / 2]) / 2, sorted.Length);
    }

    /// <summary>The better of two ways to do the same, best and median each by itself.</summary>
    public static Timing Faster(Timing a, Timing b) => new(Math.Min(a.BestMs, b.BestMs), Math.Min(a.MedianMs, b.MedianMs), a.Runs + b.Runs);
}
