namespace CnnCodegen.Tool.Quantization;

/// <summary>How often the elements of a value fell into each of many equal parts of a range that is known to hold them all.</summary>
/// <param name="low">The least element.</param>
/// <param name="high">The greatest element.</param>
internal sealed class Histogram(double low, double high)
{
    private const int Bins = 4096;

    /// <summary>Codes of a quantized value.</summary>
    private const int Levels = 256;

    private readonly long[] _counts = new long[Bins];
    private long _zeros;

    private double Width => (high - low) / Bins;

    public void Add(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            _counts[Bin(value)]++;
            if (value == 0) _zeros++;
        }
    }

    /// <summary>The range for a method, which holds 0.</summary>
    /// <param name="method">The method.</param>
    /// <param name="share">The share of the elements inside, for <see cref="CalibrationMethod.Percentile"/>.</param>
    public (double Low, double High) Range(CalibrationMethod method, double share)
    {
        (double least, double greatest) = method switch
        {
            CalibrationMethod.Percentile => Percentile(share),
            CalibrationMethod.Entropy => Entropy(),
            _ => (low, high),
        };
        return (Math.Min(least, 0), Math.Max(greatest, 0));
    }

    private int Bin(double value) => Width == 0 ? 0 : Math.Clamp((int)((value - low) / Width), 0, Bins - 1);

    private (double Low, double High) Percentile(double share)
    {
        double beyond = _counts.Sum() * (1 - share) / 2;
        int first = 0, last = Bins - 1;
        for (long sum = _counts[0]; first < last && sum <= beyond; sum += _counts[++first]) { }
        for (long sum = _counts[last]; last > first && sum <= beyond; sum += _counts[--last]) { }
        return (low + (first * Width), low + ((last + 1) * Width));
    }

    /// <summary>
    /// Shrinks the range from both ends in proportion to how far they are from 0. Zeros are left out: every range has a code for them, and the
    /// many behind a rectifier would count as lost with each small value that shares it.
    /// </summary>
    private (double Low, double High) Entropy()
    {
        const int Steps = 64;
        long[] counts = [.. _counts];
        counts[Bin(0)] -= _zeros;
        (double Divergence, double Low, double High) best = (double.PositiveInfinity, low, high);
        for (int step = Steps; step > Steps / 8; step--)
        {
            double least = Math.Min(low, 0) * step / Steps, greatest = Math.Max(high, 0) * step / Steps;
            int first = Math.Clamp((int)((least - low) / Width), 0, Bins - 1), last = Math.Clamp((int)Math.Ceiling((greatest - low) / Width) - 1, first, Bins - 1);
            if (last - first + 1 < Levels) break;
            double divergence = Divergence(counts, first, last);
            if (divergence < best.Divergence) best = (divergence, least, greatest);
        }

        return (best.Low, best.High);
    }

    /// <summary>
    /// The divergence of the elements, those outside [first, last] moved to its ends, from the elements inside as 256 codes tell them.
    /// </summary>
    private static double Divergence(long[] counts, int first, int last)
    {
        double[] p = [.. counts[first..(last + 1)]], q = new double[p.Length];
        for (int level = 0; level < Levels; level++)
        {
            int begin = (int)((long)level * p.Length / Levels), end = (int)((long)(level + 1) * p.Length / Levels);
            double sum = 0;
            int occupied = 0;
            for (int i = begin; i < end; i++)
            {
                sum += p[i];
                if (p[i] > 0) occupied++;
            }

            for (int i = begin; i < end; i++) q[i] = p[i] > 0 ? sum / occupied : 0;
        }

        p[0] += counts[..first].Sum();
        p[^1] += counts[(last + 1)..].Sum();
        double all = p.Sum(), inside = q.Sum();
        double divergence = 0;
        for (int i = 0; i < p.Length; i++)
        {
            if (p[i] > 0) divergence += p[i] / all * Math.Log(p[i] / all / (q[i] > 0 ? q[i] / inside : 1e-9));
        }

        return divergence;
    }
}
