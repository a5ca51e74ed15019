namespace CnnCodegen.Compression;

/// <summary>
/// Merges neurons that are nearly multiples of each other, without data (Srinivas, Babu 2015, "Data-free Parameter Pruning for Deep Neural
/// Networks"). The activation between the layers must be homogeneous, f(λx) = λf(x) for λ > 0, as rectifiers and poolings are. Where
/// a neuron is a positive multiple of another, merging them leaves all outputs as they were.
/// </summary>
public static class NeuronMerging
{
    /// <summary>
    /// Removes neurons one by one, each the one of least saliency: mean(a_j²) ε_ij², with a_j the outgoing weights and ε_ij the distance of the
    /// incoming ones, both normalised to incoming weights of length 1. The outgoing weights go to neuron i.
    /// </summary>
    /// <param name="neurons">The layer.</param>
    /// <param name="removals">How many to remove; fewer where no pair is left, for a neuron is never merged into its opposite.</param>
    /// <param name="cutoff">The largest saliency that is accepted.</param>
    public static Neurons Merge(Neurons neurons, int removals, double cutoff = double.PositiveInfinity)
    {
        Neurons merged = neurons.Copy();
        double[] norms = [.. neurons.Incoming.Select(Norm)];
        bool[] alive = [.. norms.Select(n => n > 0)];
        double[][] distances = Distances(neurons, norms);
        int[] nearest = [.. Enumerable.Range(0, neurons.Count).Select(j => Nearest(j, alive, distances))];
        double[] outgoing = [.. Enumerable.Range(0, neurons.Count).Select(j => MeanSquare(merged.Outgoing[j], norms[j]))];
        for (int n = 0; n < removals; n++)
        {
            (double least, int keep, int remove) = Enumerable.Range(0, neurons.Count).Where(j => alive[j] && nearest[j] >= 0)
                .Select(j => (Saliency(outgoing[j], distances[nearest[j]][j]), nearest[j], j)).DefaultIfEmpty((double.PositiveInfinity, -1, -1)).Min();
            if (double.IsInfinity(least) || least > cutoff) break;
            double ratio = norms[remove] / norms[keep];
            for (int k = 0; k < merged.Outgoing[keep].Length; k++)
                merged.Outgoing[keep][k] = (float)(merged.Outgoing[keep][k] + (ratio * merged.Outgoing[remove][k]));
            merged.Remove(remove);
            alive[remove] = false;
            outgoing[keep] = MeanSquare(merged.Outgoing[keep], norms[keep]);
            for (int j = 0; j < nearest.Length; j++)
                if (nearest[j] == remove) nearest[j] = Nearest(j, alive, distances);
        }
        return merged;
    }

    private static double Saliency(double outgoing, double distance) => distance == 0 ? 0 : double.IsInfinity(distance) ? distance : outgoing * distance * distance;

    /// <summary>The first of the neurons nearest to a neuron; -1 if there is no other.</summary>
    private static int Nearest(int neuron, bool[] alive, double[][] distances) =>
        Enumerable.Range(0, alive.Length).Where(i => alive[i] && i != neuron).DefaultIfEmpty(-1).MinBy(i => i < 0 ? 0 : distances[i][neuron]);

    /// <summary>ε_ij = |ŵ_i - ŵ_j| / |ŵ_i + ŵ_j| + |b̂_i - b̂_j| / |b̂_i + b̂_j|, where 0 / 0 is 0.</summary>
    private static double[][] Distances(Neurons neurons, double[] norms)
    {
        double[][] distances = new double[neurons.Count][];
        Parallel.For(0, neurons.Count, i =>
        {
            distances[i] = new double[neurons.Count];
            for (int j = 0; j < neurons.Count; j++)
            {
                if (norms[i] == 0 || norms[j] == 0) continue;
                (double differences, double sums) = (0, 0);
                for (int k = 0; k < neurons.Incoming[i].Length; k++)
                {
                    double a = neurons.Incoming[i][k] / norms[i], b = neurons.Incoming[j][k] / norms[j];
                    differences += (a - b) * (a - b);
                    sums += (a + b) * (a + b);
                }
                double x = neurons.Bias[i] / norms[i], y = neurons.Bias[j] / norms[j];
                distances[i][j] = Ratio(Math.Sqrt(differences), Math.Sqrt(sums)) + Ratio(Math.Abs(x - y), Math.Abs(x + y));
            }
        });
        return distances;
    }

    private static double Ratio(double difference, double sum) => difference == 0 ? 0 : difference / sum;

    private static double Norm(float[] weights) => Math.Sqrt(weights.Sum(w => (double)w * w));

    private static double MeanSquare(float[] weights, double scale) => weights.Length == 0 ? 0 : scale * scale * weights.Average(w => (double)w * w);
}
