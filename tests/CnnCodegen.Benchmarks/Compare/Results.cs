namespace CnnCodegen.Benchmarks;

/// <summary>All that one call of <c>compare</c> measured.</summary>
/// <param name="Date">The day, in UTC.</param>
/// <param name="Processor">The CPU's name.</param>
/// <param name="Isa">What this project's kernels were compiled for.</param>
/// <param name="Peak">Multiply-adds of one core in registers, in GFLOP/s.</param>
/// <param name="Bandwidths">What one core reads.</param>
/// <param name="Peers">Names and versions of what it was compared with.</param>
/// <param name="Networks">Whole networks.</param>
/// <param name="Layers">Single layers.</param>
/// <param name="ColdStarts">New processes up to their first result.</param>
internal sealed record Results(
    DateOnly Date,
    string Processor,
    TargetIsa Isa,
    double Peak,
    IReadOnlyList<Bandwidth> Bandwidths,
    IReadOnlyList<string> Peers,
    IReadOnlyList<NetworkResult> Networks,
    IReadOnlyList<LayerResult> Layers,
    IReadOnlyList<ColdStartResult> ColdStarts);

/// <summary>One network on so many threads.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Threads">Threads of both engines.</param>
/// <param name="Macs">Multiply-adds of the direct algorithm.</param>
/// <param name="Own">This project.</param>
/// <param name="OnnxRuntime">ONNX Runtime, on the faster of the network's exports; null if it is not there.</param>
/// <param name="Difference">The largest difference of the outputs, relative to the largest output.</param>
/// <param name="WorkspaceBytes">What a run of this project takes besides weights, input and output.</param>
/// <param name="OnnxRuntimeBytes">By how much ONNX Runtime's process grows when it runs, on the export where it grows least.</param>
/// <param name="Peak">Multiply-adds of one core in registers, in GFLOP/s, meanwhile.</param>
internal sealed record NetworkResult(
    string Network, int Threads, long Macs, Timing Own, Timing? OnnxRuntime, double? Difference, long WorkspaceBytes, long? OnnxRuntimeBytes, double Peak)
{
    /// <summary>This project's fastest run by ONNX Runtime's; below 1 is faster.</summary>
    public double? BestRatio => Own.BestMs / OnnxRuntime?.BestMs;

    /// <summary>The same of the medians.</summary>
    public double? MedianRatio => Own.MedianMs / OnnxRuntime?.MedianMs;

    /// <summary>Effective rate of the fastest run: operations of the direct algorithm.</summary>
    public double GigaflopsPerSecond => Macs == 0 ? 0 : 2e-6 * Macs / Own.BestMs;

    /// <summary>That rate by the one of the cores' multiply-adds.</summary>
    public double OfPeak => GigaflopsPerSecond / Threads / Peak;
}

/// <summary>The kernel of a single convolution on so many threads.</summary>
/// <param name="Layer">Its name.</param>
/// <param name="Threads">Threads of all.</param>
/// <param name="Flops">Operations of the direct algorithm.</param>
/// <param name="Bytes">Input, weights and output, each once.</param>
/// <param name="Algorithm">What this project's planner chose.</param>
/// <param name="Own">This project.</param>
/// <param name="OneDnn">oneDNN's fastest algorithm; null if it is not there.</param>
/// <param name="OneDnnAlgorithm">Which one that is.</param>
/// <param name="OnnxRuntime">ONNX Runtime's kernel alone; null if it is not there. Its best is the best of medians.</param>
/// <param name="Peak">As for a network.</param>
internal sealed record LayerResult(
    string Layer, int Threads, double Flops, double Bytes, string Algorithm, Timing Own, Timing? OneDnn, string? OneDnnAlgorithm, Timing? OnnxRuntime, double Peak)
{
    /// <summary>This project's best time by oneDNN's; below 1 is faster.</summary>
    public double? OneDnnRatio => Own.BestMs / OneDnn?.BestMs;

    /// <summary>This project's best time by that of ONNX Runtime's kernel.</summary>
    public double? OnnxRuntimeRatio => Own.BestMs / OnnxRuntime?.BestMs;

    /// <summary>This project's effective rate by that of the cores' multiply-adds.</summary>
    public double OfPeak => Rate(Own) / Threads / Peak;

    /// <summary>Effective rate of a time, in GFLOP/s.</summary>
    public double Rate(Timing timing) => 1e-6 * Flops / timing.BestMs;
}

/// <summary>New processes that load a network and run it once on one thread.</summary>
/// <param name="Network">Its name.</param>
/// <param name="Variant">How the program was published, or the peer.</param>
/// <param name="Start">From the start of the process to its first result.</param>
/// <param name="Load">Of that, from the first line of the program to the loaded network.</param>
/// <param name="FirstRun">Of that, the run.</param>
/// <param name="JitMs">Of all that, the least that just-in-time compilation took; null for another run time.</param>
/// <param name="PeakBytes">The most memory that it had resident.</param>
/// <param name="DeployedBytes">Its files, without the shared framework (.NET or Node.js).</param>
internal sealed record ColdStartResult(string Network, string Variant, Timing Start, Timing Load, Timing FirstRun, double? JitMs, long PeakBytes, long DeployedBytes);
