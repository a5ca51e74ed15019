using System.Diagnostics;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Models;

namespace CnnCodegen.Tool.Benchmarking;

/// <summary>A loaded network on random input.</summary>
internal sealed class Benchmark : IDisposable
{
    private const int MostIterations = 1000, FewestIterations = 5, Seed = 1;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1), Budget = TimeSpan.FromSeconds(2);

    private readonly INetwork _network;
    private readonly int _threads;
    private readonly double _loadMs;
    private readonly ReadOnlyMemory<float>[] _inputs;
    private readonly Memory<float>[] _outputs;

    public Benchmark(LoadedModel model, int threads)
    {
        long start = Stopwatch.GetTimestamp();
        _network = model.Load(threads);
        _loadMs = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        _threads = threads;
        Random random = new(Seed);
        _inputs = [.. _network.Info.Inputs.Select(i => (ReadOnlyMemory<float>)Noise(i.Length))];
        _outputs = [.. _network.Info.Outputs.Select(o => (Memory<float>)new float[o.Length])];

        float[] Noise(int length)
        {
            float[] values = new float[length];
            foreach (ref float value in values.AsSpan()) value = (2 * random.NextSingle()) - 1;
            return values;
        }
    }

    /// <summary>Times whole runs, after a second of them in which the just-in-time compiler settles.</summary>
    /// <param name="iterations">How many; null: as many as fit into two seconds, at least 5.</param>
    public BenchmarkResult Measure(int? iterations)
    {
        long start = Stopwatch.GetTimestamp();
        int warm = 0;
        while (warm++ == 0 || Stopwatch.GetElapsedTime(start) < WarmUp) _network.Run(_inputs, _outputs);
        double[] times = new double[iterations ?? Math.Clamp((int)(Budget / Time()), FewestIterations, MostIterations)];
        for (int i = 0; i < times.Length; i++) times[i] = Time().TotalMilliseconds;

        Array.Sort(times);
        NetworkInfo info = _network.Info;
        double median = (times[times.Length / 2] + times[(times.Length - 1) / 2]) / 2;
        double p95 = times[Math.Max(0, (int)Math.Ceiling(0.95 * times.Length) - 1)];
        return new BenchmarkResult(
            info.Name, InstructionSets.Name(info.Isa), _threads, median, times[0], _loadMs, info.WorkspaceBytes, info.WeightBytes, p95, times.Length);
    }

    /// <summary>Times every layer.</summary>
    public NetworkProfile Profile(int runs) => _network.Profile(_inputs, _outputs, runs);

    public void Dispose() => _network.Dispose();

    private TimeSpan Time()
    {
        long start = Stopwatch.GetTimestamp();
        _network.Run(_inputs, _outputs);
        return Stopwatch.GetElapsedTime(start);
    }
}
