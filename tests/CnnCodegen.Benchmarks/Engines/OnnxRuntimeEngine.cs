using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace CnnCodegen.Benchmarks;

/// <summary>An ONNX file in ONNX Runtime: a child process of Node.js that runs when asked to, on the processors of its parent.</summary>
internal sealed partial class OnnxRuntimeEngine : IEngine
{
    private readonly Process _node;

    /// <param name="path">The ONNX file.</param>
    /// <param name="threads">Threads within an operator.</param>
    /// <param name="modules">The folder that holds <c>onnxruntime-node</c>.</param>
    /// <param name="precise">Sums of 8-bit products do not saturate, as they otherwise may on CPUs without VNNI.</param>
    /// <exception cref="InvalidOperationException">The child ended; the message is what it said.</exception>
    public OnnxRuntimeEngine(string path, int threads, string modules, bool precise = false)
    {
        RunBytes = ArenaBytes(path, threads, modules);
        ProcessStartInfo start = StartInfo(path, threads, modules);
        if (precise) start.ArgumentList.Add("precise");
        _node = Process.Start(start)!;
        Answer();
    }

    public string Name => "ONNX Runtime";

    public long RunBytes { get; }

    /// <summary>The version of the library in a folder of modules.</summary>
    public static string Version(string modules) =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(modules, "onnxruntime-node", "package.json"))).GetProperty("version").GetString()!;

    /// <summary>How to start Node.js on the script; its first line of output comes after the first run.</summary>
    public static ProcessStartInfo StartInfo(string path, int threads, string modules) => new("node")
    {
        ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Engines", "onnxruntime.mjs"), path, threads.ToString(CultureInfo.InvariantCulture) },
        Environment = { ["NODE_PATH"] = modules },
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    };

    public IReadOnlyList<double> Run(TimeSpan atLeast) =>
        [.. Ask(string.Create(CultureInfo.InvariantCulture, $"run {atLeast.TotalMilliseconds}")).GetProperty("times").EnumerateArray().Select(t => t.GetDouble())];

    public float[] Output() => MemoryMarshal.Cast<byte, float>(Ask("output").GetProperty("data").GetBytesFromBase64()).ToArray();

    public void Dispose()
    {
        _node.StandardInput.Close();
        _node.WaitForExit();
        _node.Dispose();
    }

    /// <summary>By how much the first run lets the arena grow, as the library logs it in a process of its own.</summary>
    private static long ArenaBytes(string path, int threads, string modules)
    {
        ProcessStartInfo start = StartInfo(path, threads, modules);
        start.ArgumentList.Add("log");
        using Process node = Process.Start(start)!;
        node.StandardInput.Close();
        string log = node.StandardError.ReadToEnd();
        int runs = log.IndexOf("\nloaded\n", StringComparison.Ordinal);
        if (runs < 0) throw new InvalidOperationException("ONNX Runtime: " + log.Trim());
        return Extension().Matches(log, runs).Sum(match => long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
    }

    [GeneratedRegex(@"Extended allocation by (\d+) bytes")]
    private static partial Regex Extension();

    private JsonElement Ask(string question)
    {
        _node.StandardInput.WriteLine(question);
        _node.StandardInput.Flush();
        return Answer();
    }

    private JsonElement Answer() => JsonElement.Parse(
        _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException("ONNX Runtime: " + _node.StandardError.ReadToEnd().Trim()));
}
