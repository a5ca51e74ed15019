using System.Diagnostics;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Benchmarks;

/// <summary>Runs single convolutions in this project, in oneDNN and in ONNX Runtime in turn; each in its own layout.</summary>
internal sealed class LayerComparison(Isa isa, PeerFolders peers, int rounds, TimeSpan turn, PeakMeter peak)
{
    public LayerResult Measure(ConvShape shape, int threads)
    {
        using SingleLayer layer = new(shape.Layer, isa, threads, shape.Input);
        List<double> own = [];
        List<PeerTime> oneDnn = [], onnxRuntime = [];
        Run(2 * turn, _ => { });
        for (int round = 0; round < rounds; round++)
        {
            peak.Sample();
            Run(turn, own.Add);
            if (peers.OneDnn is not null) oneDnn.AddRange(LayerPeers.OneDnn(peers.OneDnn, shape, threads));
            Run(turn, own.Add);
            if (OnnxRuntimeModel(shape) is { } model) onnxRuntime.Add(LayerPeers.OnnxRuntime(peers.LayerScript!, model, peers.Modules!, threads));
        }

        Timing times = Timing.Of(own);
        return new LayerResult(
            shape.Name, threads, 2.0 * layer.Macs, layer.Bytes, layer.Algorithm, times,
            Fastest(oneDnn), oneDnn.MinBy(time => time.BestMs)?.Algorithm, Fastest(onnxRuntime), peak.Best);

        void Run(TimeSpan atLeast, Action<double> add)
        {
            for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < atLeast;) add(1e-3 * layer.Time(runs: 3));
        }
    }

    private string? OnnxRuntimeModel(ConvShape shape) =>
        peers is { LayerScript: not null, Modules: not null, Models: not null } && Path.Combine(peers.Models, shape.Name + ".onnx") is var path && File.Exists(path) ? path : null;

    /// <summary>The best of all; the median of the algorithm whose median is the best.</summary>
    private static Timing? Fastest(List<PeerTime> times) => times.Count == 0 ? null : new Timing(
        times.Min(time => time.BestMs),
        times.GroupBy(time => time.Algorithm).Min(algorithm => Timing.Of(algorithm.Select(time => time.MedianMs)).MedianMs),
        times.Count);
}
