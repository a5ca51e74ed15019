using CnnCodegen.Generator.Algorithms;
using CnnCodegen.Generator.Algorithms.Reference;
using CnnCodegen.Generator.Planning;
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

    /// <param name="request">The model.</param>
    /// <param name="estimated">The model, compiled without a tuning file.</param>
    /// <param name="threads">Threads of a run.</param>
    /// <param name="progress">Told what is being done.</param>
    /// <returns>The layers of which there is a choice.</returns>
    public static IReadOnlyList<TunedLayerTimes> Measure(ModelRequest request, LoadedModel estimated, int threads, Action<string> progress)
    {
        using Benchmark usual = new(estimated, threads);
        List<(string Algorithm, LoadedModel Model, Benchmark Benchmark)> variants = [];
        try
        {
            string network = estimated.Code.Network.Name;
            string[] layers = [.. estimated.Info.Layers.Where(l => l.Macs > 0).Select(l => l.Name)];
            foreach (string algorithm in Candidates(estimated))
            {
                progress($"Compiling with {algorithm}");
                TuningFile pins = TuningFile.Of(network, request.Isa, layers.Select(l => KeyValuePair.Create(l, algorithm)));
                LoadedModel model = ModelLoader.Open(request with { Tuning = pins });
                variants.Add((algorithm, model, new Benchmark(model, threads)));
            }

            Dictionary<(string Layer, string Algorithm), double> times = [];
            for (int round = 0; round < Rounds; round++)
            {
                progress($"Measuring, round {round + 1} of {Rounds}");
                foreach ((string? pinned, Benchmark benchmark) in variants.Select(v => ((string?)v.Algorithm, v.Benchmark)).Prepend((null, usual)))
                    foreach (((string, string) key, double time) in ByLayer(benchmark.Profile(RunsPerRound), pinned))
                        times[key] = Math.Min(times.GetValueOrDefault(key, double.PositiveInfinity), time);
            }

            ILookup<string, (string Algorithm, double Time)> byLayer = times.ToLookup(t => t.Key.Layer, t => (t.Key.Algorithm, t.Value));
            return [.. estimated.Info.Layers.Where(l => l.Macs > 0)
                .Select(l => new TunedLayerTimes(l.Name, Algorithm(l), byLayer[l.Name].ToDictionary(t => t.Algorithm, t => t.Time)))
                .Where(l => l.Microseconds.Count > 1)];
        }
        finally
        {
            foreach ((_, LoadedModel model, Benchmark benchmark) in variants)
            {
                benchmark.Dispose();
                model.Dispose();
            }
        }
    }

    /// <summary>Measures two programs of a network in turn.</summary>
    /// <returns>The fastest run of each, in milliseconds.</returns>
    public static (double Estimated, double Tuned) Compare(LoadedModel estimated, LoadedModel tuned, int threads)
    {
        using Benchmark first = new(estimated, threads), second = new(tuned, threads);
        (double Estimated, double Tuned) best = (double.PositiveInfinity, double.PositiveInfinity);
        for (int round = 0; round < Rounds; round++)
            best = (Math.Min(best.Estimated, first.Measure(RunsPerRound).MinMs), Math.Min(best.Tuned, second.Measure(RunsPerRound).MinMs));
        return best;
    }

    /// <summary>
    /// The times of the layers that multiply. Changes of form in front of a layer, and of its own value, count as its time; where an
    /// algorithm is pinned, only as that of the layers that have it.
    /// </summary>
    private static IEnumerable<((string Layer, string Algorithm) Key, double Time)> ByLayer(NetworkProfile profile, string? pinned)
    {
        Dictionary<string, (string Algorithm, double Time)> layers = profile.Layers.Where(s => s.Layer.Macs > 0).ToDictionary(s => s.Layer.Name, s => (Algorithm(s.Layer), 0.0));
        double changes = 0;
        foreach (LayerTime step in profile.Layers)
        {
            if (step.Layer.Reason == NetworkPlanner.ChangeOfForm)
            {
                changes += step.Microseconds;
                Charge(step.Layer.Name, step.Microseconds, isChange: true);
            }
            else
            {
                Charge(step.Layer.Name, changes, isChange: true);
                Charge(step.Layer.Name, step.Microseconds, isChange: false);
                changes = 0;
            }
        }

        return layers.Select(l => ((l.Key, l.Value.Algorithm), l.Value.Time));

        void Charge(string layer, double time, bool isChange)
        {
            if (layers.TryGetValue(layer, out (string Algorithm, double Time) sum) && (!isChange || pinned is null || pinned == sum.Algorithm))
                layers[layer] = (sum.Algorithm, sum.Time + time);
        }
    }

    /// <summary>What the compiler considers for layers that multiply, but for the reference, which is never the fastest.</summary>
    private static IEnumerable<string> Candidates(LoadedModel estimated) => AlgorithmCatalog.All
        .Where(a => a is not ReferenceAlgorithm).Select(a => a.Name)
        .Where(name => estimated.Info.Layers.Any(l => l.Macs > 0 && (Algorithm(l) == name || l.Reason.Contains($"not {name}: ", StringComparison.Ordinal))));

    /// <summary>A layer's algorithm without its tile.</summary>
    private static string Algorithm(LayerInfo layer) => layer.Algorithm.Split(',')[0];
}
