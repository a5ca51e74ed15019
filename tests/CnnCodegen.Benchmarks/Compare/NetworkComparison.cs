namespace CnnCodegen.Benchmarks;

/// <summary>Runs whole networks in this project and in ONNX Runtime in turn.</summary>
internal sealed class NetworkComparison(TargetIsa isa, PeerFolders peers, Alternation alternation, PeakMeter peak)
{
    /// <summary>What the outputs of two engines may differ by, relative to the largest of them.</summary>
    private const double Tolerance = 1e-3;

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
    public NetworkResult Measure(string name, IEnumerable<string> exports, int threads)
    {
        List<IEngine> engines = [];
        try
        {
            OwnEngine own = new(exports.First(), isa, threads);
            engines.Add(own);
            if (peers.Modules is not null) engines.AddRange(exports.Select(path => new OnnxRuntimeEngine(path, threads, peers.Modules)));
            Timing[] times = alternation.Measure(engines, peak.Sample);

            double? difference = engines.Count > 1 ? engines.Skip(1).Max(peer => Difference(own.Output(), peer.Output())) : null;
            if (!(difference is null or <= Tolerance)) throw new InvalidOperationException($"{name}: the outputs differ by {difference:G3} of the largest");
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
