using System.Numerics.Tensors;

namespace CnnCodegen.Compression;

/// <summary>Clusters of vectors by Lloyd's iteration from a k-means++ start (Arthur, Vassilvitskii 2007) with a fixed seed.</summary>
public static class KMeans
{
    private const int Iterations = 100, Seed = 1;
    private const double LeastGain = 1e-6;

    /// <summary>The centres, and the centre of each point; as many centres as there are distinct points where those are fewer.</summary>
    /// <param name="points">Vectors of one length.</param>
    /// <param name="clusters">How many centres, at least 1.</param>
    public static (float[][] Centres, int[] Assignments) Cluster(IReadOnlyList<float[]> points, int clusters)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(clusters);
        float[][] centres = Start(points, clusters);
        int[] assignments = new int[points.Count];
        float[] distances = new float[points.Count];
        double last = double.PositiveInfinity;
        for (int iteration = 0; iteration < Iterations; iteration++)
        {
            double total = Assign(points, centres, assignments, distances);
            if (total == 0 || total > last * (1 - LeastGain)) break;
            last = total;
            Move(points, centres, assignments, distances);
        }
        return (centres, assignments);
    }

    private static float[][] Start(IReadOnlyList<float[]> points, int clusters)
    {
        if (points.Count == 0) return [];
        Random random = new(Seed);
        List<float[]> centres = [(float[])points[random.Next(points.Count)].Clone()];
        float[] nearest = [.. points.Select(p => Distance(p, centres[0]))];
        while (centres.Count < clusters)
        {
            // The next centre is a point with the probability of its squared distance to the nearest one.
            double rest = random.NextDouble() * nearest.Sum(d => (double)d);
            int next = 0;
            while (next < points.Count - 1 && (rest -= nearest[next]) >= 0) next++;
            if (nearest[next] == 0) next = Array.FindIndex(nearest, d => d > 0);
            if (next < 0) break;
            centres.Add((float[])points[next].Clone());
            for (int i = 0; i < nearest.Length; i++) nearest[i] = Math.Min(nearest[i], Distance(points[i], centres[^1]));
        }
        return [.. centres];
    }

    /// <summary>The nearest centre of each point, the first of equals; returns the sum of all squared distances.</summary>
    private static double Assign(IReadOnlyList<float[]> points, float[][] centres, int[] assignments, float[] distances)
    {
        double total = 0;
        for (int i = 0; i < points.Count; i++)
        {
            (int best, float distance) = (0, float.PositiveInfinity);
            for (int c = 0; c < centres.Length; c++)
                if (Distance(points[i], centres[c]) is float d && d < distance) (best, distance) = (c, d);
            (assignments[i], distances[i]) = (best, distance);
            total += distance;
        }
        return total;
    }

    /// <summary>Each centre to the mean of its points; one without points to the point that is farthest from its own.</summary>
    private static void Move(IReadOnlyList<float[]> points, float[][] centres, int[] assignments, float[] distances)
    {
        int[] counts = new int[centres.Length];
        foreach (float[] centre in centres) Array.Clear(centre);
        for (int i = 0; i < points.Count; i++)
        {
            counts[assignments[i]]++;
            TensorPrimitives.Add(centres[assignments[i]], points[i], centres[assignments[i]]);
        }
        for (int c = 0; c < centres.Length; c++)
        {
            if (counts[c] > 0)
            {
                TensorPrimitives.Divide(centres[c], counts[c], centres[c]);
                continue;
            }
            int farthest = TensorPrimitives.IndexOfMax<float>(distances);
            points[farthest].CopyTo(centres[c], 0);
            distances[farthest] = 0;
        }
    }

    private static float Distance(float[] a, float[] b)
    {
        float distance = TensorPrimitives.Distance<float>(a, b);
        return distance * distance;
    }
}
