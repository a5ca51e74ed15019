using System.Diagnostics;

namespace CnnCodegen.Execution;

/// <summary>Collects the timestamps of several runs.</summary>
/// <param name="info">The plan that runs.</param>
/// <param name="runs">How many runs will be added.</param>
internal sealed class ProfileRecorder(NetworkInfo info, int runs)
{
    private readonly long[] _timestamps = new long[info.Layers.Count + 1];
    private readonly double[] _totals = new double[runs];
    private readonly double[][] _steps = [.. info.Layers.Select(_ => new double[runs])];

    /// <summary>Receives one run: its start, then the end of each step.</summary>
    public Span<long> Timestamps => _timestamps;

    /// <summary>Takes the timestamps over.</summary>
    public void Add(int run)
    {
        for (int i = 0; i < _steps.Length; i++) _steps[i][run] = Microseconds(_timestamps[i], _timestamps[i + 1]);
        _totals[run] = Microseconds(_timestamps[0], _timestamps[^1]);
    }

    public NetworkProfile Summarize(int threads)
    {
        double[] medians = [.. _steps.Select(Median)];
        double sum = medians.Sum();
        LayerTime[] layers = [.. info.Layers.Zip(medians, (layer, time) => new LayerTime(layer, time, sum > 0 ? time / sum : 0))];
        return new NetworkProfile(info, layers, Median(_totals), runs, threads);
    }

    private static double Microseconds(long start, long end) => Stopwatch.GetElapsedTime(start, end).TotalMicroseconds;

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
