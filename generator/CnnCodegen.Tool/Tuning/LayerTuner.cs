using CnnCodegen.Generator.Algorithms;
using CnnCodegen.Generator.Algorithms.Reference;
using CnnCodegen.Generator.Model;
using CnnCodegen.Tool.Benchmarking;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Models;

namespace CnnCodegen.Tool.Tuning;

/// <summary>The measured times of one layer.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Estimated">The algorithm that the compiler takes by itself.</param>
/// <param name="Microseconds">Each algorithm that can compute it, with its time.</param>
internal sealed record TunedLayerTimes(string Layer, string Estimated, IReadOnlyDictionary<string, double> Microseconds)
{
    /// <summary>The fastest.</summary>
    public string Best => Microseconds.MinBy(m => m.Value).Key;
}

/// <summary>
/// Measures the algorithms of every convolution in its place in the network: the whole network is compiled once with each algorithm
/// wherever that is possible, and the variants are profiled in turn, so that all see the same machine and the same caches.
/// </summary>
internal static class LayerTuner
{
    private const int Rounds = 3, RunsPerRound = 15;

    /// <param name="request">The model; its own tuning file is not used.</param>
    /// <param name="threads">Threads of a run.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <returns>The full name of the class, and the layers of which there is a choice.</returns>
    public static (string Network, IReadOnlyList<TunedLayerTimes> Layers) Measure(ModelRequest request, int threads, Action<string> progress)
    {
        List<(LoadedModel Model, Benchmark Benchmark)> variants = [];
        try
        {
            progress("Compiling");
            LoadedModel estimated = ModelLoader.Open(request with { Tuning = null });
            variants.Add((estimated, new Benchmark(estimated, threads)));
            string network = estimated.Code.Network.Name;
            string[] layers = [.. estimated.Info.Layers.Where(l => l.Macs > 0).Select(l => l.Name)];
            foreach (string algorithm in Candidates())
            {
                progress($"Compiling with {algorithm}");
                TuningFile pins = TuningFile.Of(network, request.Isa, layers.Select(l => KeyValuePair.Create(l, algorithm)));
                LoadedModel model = ModelLoader.Open(request with { Tuning = pins });
                variants.Add((model, new Benchmark(model, threads)));
            }

            Dictionary<(string Layer, string Algorithm), double> times = [];
            for (int round = 0; round < Rounds; round++)
            {
                progress($"Measuring, round {round + 1} of {Rounds}");
                foreach ((_, Benchmark benchmark) in variants)
                    foreach (IGrouping<(string, string), LayerTime> layer in benchmark.Profile(RunsPerRound).Layers.GroupBy(l => (l.Layer.Name, Algorithm(l.Layer))))
                        times[layer.Key] = Math.Min(times.GetValueOrDefault(layer.Key, double.PositiveInfinity), layer.Sum(l => l.Microseconds));
            }

            ILookup<string, (string Algorithm, double Time)> byLayer = times.ToLookup(t => t.Key.Layer, t => (t.Key.Algorithm, t.Value));
            return (network, [.. estimated.Info.Layers.Where(l => l.Macs > 0)
                .Select(l => new TunedLayerTimes(l.Name, Algorithm(l), byLayer[l.Name].Where(t => t.Algorithm != Reorder).ToDictionary(t => t.Algorithm, t => t.Time)))
                .Where(l => l.Microseconds.Count > 1)]);
        }
        finally
        {
            foreach ((LoadedModel model, Benchmark benchmark) in variants)
            {
                benchmark.Dispose();
                model.Dispose();
            }
        }
    }

    private static string Reorder => CnnCodegen.Generator.Algorithms.Reorder.ReorderAlgorithm.Id;

    /// <summary>Everything that computes convolutions of usual windows, but for the reference, which is never the fastest.</summary>
    private static IEnumerable<string> Candidates()
    {
        Conv[] convolutions = [.. new[] { 1, 3, 5, 7 }.SelectMany(kernel => new[] { 1, 2 }, (kernel, groups) => new Conv(groups, Window.Square(2, kernel, 1, 0), groups))];
        return AlgorithmCatalog.All.Where(a => a is not ReferenceAlgorithm && convolutions.Any(a.Considers)).Select(a => a.Name);
    }

    /// <summary>A layer's algorithm without its tile.</summary>
    private static string Algorithm(LayerInfo layer) => layer.Algorithm.Split(',')[0];
}
