namespace CnnCodegen.Compression;

/// <summary>
/// Lets the weights of a layer share a few values (Han, Mao, Dally 2016, "Deep Compression", section 3; Gong, Liu, Yang, Bourdev 2014,
/// "Compressing Deep Convolutional Networks using Vector Quantization", section 3.2.2): the centres of their clusters by k-means in one
/// dimension, which starts from values in equal steps between the smallest and the largest weight.
/// </summary>
public static class SharedValues
{
    private const int Iterations = 100;
    private const double LeastGain = 1e-6;

    /// <summary>Each weight that is not zero becomes the nearest shared value, the lower of two; zeros stay. A copy.</summary>
    /// <param name="weights">The weights of one layer.</param>
    /// <param name="values">How many values there are at most beside zero, at least 1. With no more distinct weights nothing changes.</param>
    /// <exception cref="ArgumentException">A weight is infinite or no number.</exception>
    public static float[] Of(float[] weights, int values)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(values);
        Require.Finite(weights);
        float[] sorted = [.. weights.Where(w => w != 0).Order()];
        if (sorted.Distinct().Take(values + 1).Count() <= values) return (float[])weights.Clone();
        double[] borders = Borders(Centres(sorted, values));
        float[] shared = Means(sorted, borders);
        return Array.ConvertAll(weights, w => w == 0 ? 0 : shared[Cluster(borders, w)]);
    }

    private static double[] Centres(float[] sorted, int values)
    {
        double lowest = sorted[0], step = values == 1 ? 0 : (sorted[^1] - lowest) / (values - 1), last = double.PositiveInfinity;
        double[] centres = [.. Enumerable.Range(0, values).Select(i => lowest + (i * step))];
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double total = Move(sorted, centres);
            if (total > last * (1 - LeastGain)) break;
            last = total;
        }

        return centres;
    }

    /// <summary>
    /// Each centre goes to the mean of its weights, one without weights to the weight farthest from its own centre. Returns the sum of
    /// squared distances before.
    /// </summary>
    private static double Move(float[] sorted, double[] centres)
    {
        double[] borders = Borders(centres), sums = new double[centres.Length], distances = new double[sorted.Length];
        int[] counts = new int[centres.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            int cluster = Cluster(borders, sorted[i]);
            sums[cluster] += sorted[i];
            counts[cluster]++;
            distances[i] = (sorted[i] - centres[cluster]) * (sorted[i] - centres[cluster]);
        }

        double total = distances.Sum();
        for (int c = 0; c < centres.Length; c++)
        {
            int farthest = counts[c] > 0 ? -1 : Array.IndexOf(distances, distances.Max());
            centres[c] = farthest < 0 ? sums[c] / counts[c] : sorted[farthest];
            if (farthest >= 0) distances[farthest] = 0;
        }

        Array.Sort(centres);
        return total;
    }

    /// <summary>The mean of the weights between each two borders; 0 where there are none.</summary>
    private static float[] Means(float[] sorted, double[] borders)
    {
        ILookup<int, float> clusters = sorted.ToLookup(w => Cluster(borders, w));
        return [.. Enumerable.Range(0, borders.Length + 1).Select(c => clusters[c].Select(w => (double)w).DefaultIfEmpty().Average()).Select(mean => (float)mean)];
    }

    /// <summary>The middles between neighbouring centres.</summary>
    private static double[] Borders(double[] centres) => [.. centres.Skip(1).Zip(centres, (above, below) => (above + below) / 2)];

    private static int Cluster(double[] borders, double weight)
    {
        int at = Array.BinarySearch(borders, weight);
        return at < 0 ? ~at : at;
    }
}
