using static CnnCodegen.Benchmarks.Sheet;

namespace CnnCodegen.Benchmarks;

/// <summary>Results as tables.</summary>
internal static class Sheets
{
    /// <summary>A table for each part that was measured.</summary>
    public static IEnumerable<Sheet> Of(Results results)
    {
        yield return Machine(results);
        if (results.Networks.Count > 0) yield return Networks(results.Networks);
        if (results.Layers.Count > 0) yield return Layers(results.Layers);
        if (results.ColdStarts.Count > 0) yield return ColdStarts(results.ColdStarts);
    }

    private static Sheet Machine(Results results) => new(
        "One core", 1,
        ["", .. results.Bandwidths.Select(level => $"read {level.Level}, GB/s"), "multiply-adds, GFLOP/s"],
        [[results.Processor, .. results.Bandwidths.Select(level => Number(level.GigabytesPerSecond, 1)), Number(results.Peak, 1)]]);

    private static Sheet Networks(IReadOnlyList<NetworkResult> networks) => new(
        "Networks, batch 1", 1,
        ["network", "threads", "ms, best", "median", "ONNX Runtime, best", "median", "ratio of bests", "of medians", "GFLOP/s", "of peak", "workspace, MiB", "ONNX Runtime, MiB"],
        [
            .. networks.Select(n => (string[])[
                n.Network, Number(n.Threads, 0), Short(n.Own.BestMs), Short(n.Own.MedianMs), Short(n.OnnxRuntime?.BestMs), Short(n.OnnxRuntime?.MedianMs),
                Number(n.Macs == 0 ? null : n.BestRatio, 2), Number(n.Macs == 0 ? null : n.MedianRatio, 2), n.Macs == 0 ? "-" : Number(n.GigaflopsPerSecond, 1), n.Macs == 0 ? "-" : Percent(n.OfPeak),
                Mebibytes(n.WorkspaceBytes), Mebibytes(n.OnnxRuntimeBytes)]),
        ]);

    private static Sheet Layers(IReadOnlyList<LayerResult> layers) => new(
        "Single layers", 2,
        ["layer", "algorithm", "threads", "us, best", "median", "GFLOP/s", "of peak", "oneDNN, us", "GFLOP/s", "fastest", "ratio", "ONNX Runtime, us", "ratio"],
        [
            .. layers.Select(l => (string[])[
                l.Layer, l.Algorithm, Number(l.Threads, 0), Short(1e3 * l.Own.BestMs), Short(1e3 * l.Own.MedianMs), Number(l.Rate(l.Own), 1), Percent(l.OfPeak),
                Short(1e3 * l.OneDnn?.BestMs), Number(l.OneDnn is null ? null : l.Rate(l.OneDnn), 1), l.OneDnnAlgorithm ?? "-", Number(l.OneDnnRatio, 2),
                Short(1e3 * l.OnnxRuntime?.BestMs), Number(l.OnnxRuntimeRatio, 2)]),
        ]);

    private static Sheet ColdStarts(IReadOnlyList<ColdStartResult> starts) => new(
        "From the start of a process to its first result, one thread", 2,
        ["network", "program", "ms, best", "median", "load", "first run", "JIT", "peak memory, MiB", "deployed, MiB"],
        [
            .. starts.Select(s => (string[])[
                s.Network, s.Variant, Short(s.Start.BestMs), Short(s.Start.MedianMs), Short(s.Load.BestMs), Short(s.FirstRun.BestMs), Short(s.JitMs), Mebibytes(s.PeakBytes), Mebibytes(s.DeployedBytes)]),
        ]);
}
