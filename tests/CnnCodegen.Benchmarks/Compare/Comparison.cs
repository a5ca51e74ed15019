using System.Globalization;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Benchmarks;

/// <summary>Goes through networks, layers and cold starts.</summary>
/// <param name="isa">What this project's kernels are compiled for.</param>
/// <param name="peers">What there is to compare with.</param>
/// <param name="names">Networks and layers; empty for all.</param>
/// <param name="threads">Numbers of threads.</param>
/// <param name="processors">The processor of each thread.</param>
/// <param name="rounds">Turns of each.</param>
/// <param name="turn">How long a turn is at least.</param>
/// <param name="notice">Gets a line for each thing that is done or cannot be done.</param>
internal sealed class Comparison(
    Isa isa, PeerFolders peers, string[] names, int[] threads, int[] processors, int rounds, TimeSpan turn, Action<string> notice)
{
    /// <summary>A process costs more than a turn, and a layer varies less than a network.</summary>
    private const int LayerRounds = 3;

    private static readonly string[] ColdStartNetworks = ["lenet5", "squeezenet1_1"];

    private readonly PeakMeter _peak = new(isa);

    public Results Run(bool networks, bool layers, bool coldStart)
    {
        Affinity.Pin(processors.Take(1));
        IReadOnlyList<ConvShape> shapes = peers.Layers is null ? ConvShape.Standard : ConvShape.Read(peers.Layers);
        IGrouping<string, string>[] models = peers.Models is null ? [] : [.. NetworkComparison.Networks(peers.Models, shapes.Select(s => s.Name))];
        IReadOnlyList<Bandwidth> bandwidths = ReadBandwidth.Measure();
        for (int i = 0; i < rounds; i++) _peak.Sample();

        NetworkComparison networkComparison = new((TargetIsa)isa, peers, new Alternation(rounds, turn), _peak);
        using QuantizedNetworks quantizer = new((TargetIsa)isa);
        IReadOnlyList<(string Name, string Path)> quantized = networks ? quantizer.Write(models, IsWanted) : [];
        List<NetworkResult> networkResults = [];
        List<LayerResult> layerResults = [];
        foreach (int count in threads)
        {
            Affinity.Pin(processors.Take(count));
            if (networks)
                foreach (IGrouping<string, string> model in models.Where(m => IsWanted(m.Key)))
                    networkResults.Add(Announced(model.Key, count, () => networkComparison.Measure(model.Key, model, count)));
            foreach ((string name, string path) in quantized)
                networkResults.Add(Announced(name, count, () => networkComparison.MeasureQuantized(name, path, count)));
            LayerComparison layerComparison = new(isa, peers, LayerRounds, turn, _peak);
            if (layers)
                foreach (ConvShape shape in shapes.Where(s => IsWanted(s.Name)))
                    layerResults.Add(Announced(shape.Name, count, () => layerComparison.Measure(shape, count)));
        }

        List<ColdStartResult> starts = [];
        Affinity.Pin(processors.Take(1));
        if (coldStart)
            foreach (IGrouping<string, string> model in models.Where(m => ColdStartNetworks.Contains(m.Key) && IsWanted(m.Key)))
                starts.AddRange(Announced(model.Key + ", cold start", 1, () => new ColdStart(peers, rounds, notice).Measure(model.Key, model.First())));

        string?[] versions =
        [
            peers.Modules is { } modules ? "ONNX Runtime " + OnnxRuntimeEngine.Version(modules) : null,
            LayerPeers.OneDnnVersion is { } oneDnn ? "oneDNN " + oneDnn : null,
        ];
        return new Results(
            DateOnly.FromDateTime(DateTime.UtcNow), Machine.Processor, (TargetIsa)isa, _peak.Best, bandwidths, [.. versions.OfType<string>()], networkResults, layerResults, starts);
    }

    private bool IsWanted(string name) => names.Length == 0 || names.Contains(name);

    private T Announced<T>(string name, int count, Func<T> measure)
    {
        notice(string.Create(CultureInfo.InvariantCulture, $"{name}, {count} {(count == 1 ? "thread" : "threads")}"));
        return measure();
    }
}
