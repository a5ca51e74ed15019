using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace CnnCodegen.Benchmarks;

/// <summary>A peer's time of a single layer.</summary>
/// <param name="Algorithm">How it was computed.</param>
/// <param name="BestMs">The fastest run.</param>
/// <param name="MedianMs">The median run.</param>
internal sealed record PeerTime(string Algorithm, double BestMs, double MedianMs);

/// <summary>The peers' own programs for single layers: a process for each measurement, on the processors of its parent.</summary>
internal static class LayerPeers
{
    /// <summary>The version that <see cref="OneDnn"/> found; null before.</summary>
    public static string? OneDnnVersion { get; private set; }

    /// <summary>oneDNN by every algorithm that it has, each in its own layout.</summary>
    public static IReadOnlyList<PeerTime> OneDnn(string program, ConvShape shape, int threads)
    {
        string list = Path.GetTempFileName();
        try
        {
            File.WriteAllText(list, shape + "\n");
            JsonElement[] lines = [.. Output(new ProcessStartInfo(program, [list, Text(threads)])).Select(line => JsonElement.Parse(line))];
            OneDnnVersion = lines[0].GetProperty("version").GetString();
            return [.. lines.Select(line => new PeerTime(
                line.GetProperty("config").GetString()!, line.GetProperty("min_ms").GetDouble(), line.GetProperty("median_ms").GetDouble()))];
        }
        finally
        {
            File.Delete(list);
        }
    }

    /// <summary>ONNX Runtime's kernel without changes of layout, from its own profiler, which gives medians only.</summary>
    /// <param name="script">The peers' <c>ort_bench.mjs</c>.</param>
    /// <param name="model">The ONNX file of the layer.</param>
    /// <param name="modules">The Node.js modules.</param>
    /// <param name="threads">Threads within an operator.</param>
    public static PeerTime OnnxRuntime(string script, string model, string modules, int threads)
    {
        ProcessStartInfo start = new("node", [script, model, "--threads", Text(threads), "--iters", "30", "--min-time", "0.2", "--profile", "--no-arena"]);
        start.Environment["NODE_PATH"] = modules;
        JsonElement kernels = JsonElement.Parse(Output(start).Last()).GetProperty("kernel_ms");
        double median = kernels.EnumerateObject().Where(kernel => !kernel.Name.StartsWith("Reorder", StringComparison.Ordinal)).Sum(kernel => kernel.Value.GetDouble());
        return new PeerTime("kernel", median, median);
    }

    private static string[] Output(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        using Process process = Process.Start(start)!;
        string[] lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0 && lines.Length > 0 ? lines : throw new InvalidOperationException($"{start.FileName} ended with {process.ExitCode}");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
