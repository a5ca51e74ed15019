using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnCodegen.Benchmarks;

/// <summary>An ONNX file in ONNX Runtime: a child process of Node.js that runs when asked to, on the processors of its parent.</summary>
internal sealed class OnnxRuntimeEngine : IEngine
{
    private readonly Process _node;

    /// <param name="path">The ONNX file.</param>
    /// <param name="threads">Threads within an operator.</param>
    /// <param name="modules">The folder that holds <c>onnxruntime-node</c>.</param>
    /// <exception cref="InvalidOperationException">The child ended; the message is what it said.</exception>
    public OnnxRuntimeEngine(string path, int threads, string modules)
    {
        _node = Process.Start(StartInfo(path, threads, modules))!;
        JsonElement first = Answer();

        // The arena takes its final size in the second run.
        Ask("run 0");
        RunBytes = Math.Max(0, Ask("memory").GetProperty("rss").GetInt64() - first.GetProperty("rss").GetInt64());
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

    private JsonElement Ask(string question)
    {
        _node.StandardInput.WriteLine(question);
        _node.StandardInput.Flush();
        return Answer();
    }

    private JsonElement Answer() => JsonElement.Parse(
        _node.StandardOutput.ReadLine() ?? throw new InvalidOperationException("ONNX Runtime: " + _node.StandardError.ReadToEnd().Trim()));
}
