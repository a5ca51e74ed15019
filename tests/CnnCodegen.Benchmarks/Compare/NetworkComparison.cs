namespace CnnCodegen.Benchmarks;

/// <summary>Runs whole networks in this project and in ONNX Runtime in turn.</summary>
internal sealed class NetworkComparison(TargetIsa isa, PeerFolders peers, Alternation alternation, PeakMeter peak)
{
    /// <summary>What the outputs of two engines may differ by, relative to the largest of them.</summary>
    private const double Tolerance = 1e-3;

    /// <summary>The same for quantized networks, where a rounding error may move a code by one.</summary>
    private const double QuantizedTolerance = 2e-2;

    private const string Folded = "_folded";

    /// <summary>The networks of a folder: those that have batch norms are there a second time, folded into the convolutions.</summary>
    /// <param name="models">The folder.</param>
    /// <param name="layers">Single layers, which are no networks.</param>
    public static IEnumerable<IGrouping<string, string>> Networks(string models, IEnumerable<string> layers) => Directory.EnumerateFiles(models, "*.onnx")
        .Where(path => !layers.Contains(Path.GetFileNameWithoutExtension(path)))
        .OrderBy(path => new FileInfo(path).Length)
        .GroupBy(path => Path.GetFileNameWithoutExtension(path) is var name && name.EndsWith(Folded, StringComparison.Ordinal) ? name[..^Folded.Length] : name);

    /// <summary>Measures one network; ONNX Runtime may choose among its exports.</summary>
    /// <exception cref="InvalidOperationException">The engines' outputs disagree.</exception>
    public NetworkResult Measure(string name, IEnumerable<string> exports, int threads) =>
        Measure(name, exports.First(), threads, modules => [.. exports.Select(path => new OnnxRuntimeEngine(path, threads, modules))], compared: 0, Tolerance);

    /// <summary>Measures a quantized network; ONNX Runtime may let its sums saturate, but only the exact ones are compared.</summary>
    /// <exception cref="InvalidOperationException">The engines' outputs disagree.</exception>
    public NetworkResult MeasureQuantized(string name, string path, int threads) => Measure(
        name, path, threads, modules => [new OnnxRuntimeEngine(path, threads, modules), new OnnxRuntimeEngine(path, threads, modules, precise: true)], compared: 1, QuantizedTolerance);

    /// <param name="name">The network.</param>
    /// <param name="path">What this project runs.</param>
    /// <param name="threads">Threads of all.</param>
    /// <param name="start">Starts the engines of the peer, of which the fastest counts.</param>
    /// <param name="compared">The first of these whose output must agree.</param>
    /// <param name="tolerance">How well.</param>
    private NetworkResult Measure(string name, string path, int threads, Func<string, IReadOnlyList<IEngine>> start, int compared, double tolerance)
    {
        List<IEngine> engines = [];
        try
        {
            OwnEngine own = new(path, isa, threads);
            engines.Add(own);
            if (peers.Modules is not null) engines.AddRange(start(peers.Modules));
            Timing[] times = alternation.Measure(engines, peak.Sample);

            double? difference = engines.Count > 1 ? engines.Skip(1 + compared).Max(peer => Difference(own.Output(), peer.Output())) : null;
            if (!(difference is null || difference <= tolerance)) throw new InvalidOperationException($"{name}: the outputs differ by {difference:G3} of the largest");
            return new NetworkResult(
                name, threads, own.Macs, times[0],
                times.Length > 1 ? times.Skip(1).Aggregate(Timing.Faster) : null,
                difference,
                own.RunBytes,
                engines.Count > 1 ? engines.Skip(1).Min(peer => peer.RunBytes) : null,
                peak.Best);
        }
        finally
        {
            engines.ForEach(engine => engine.Dispose());
        }
    }

    /// <summary>NaN if either holds one.</summary>
    private static double Difference(float[] own, float[] peer) =>
        own.Zip(peer, (a, b) => Math.Abs(a - b)).Aggregate(Math.Max) / peer.Select(Math.Abs).Aggregate(Math.Max);
}
