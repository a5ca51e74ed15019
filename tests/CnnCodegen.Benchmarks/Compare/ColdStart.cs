using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace CnnCodegen.Benchmarks;

/// <summary>
/// Starts processes that load a network and run it once: this project, published in several ways, and ONNX Runtime in Node.js, in turn.
/// </summary>
/// <param name="peers">Where ONNX Runtime is.</param>
/// <param name="rounds">Starts of each.</param>
/// <param name="notice">Gets a line for each variant that cannot be built.</param>
internal sealed class ColdStart(PeerFolders peers, int rounds, Action<string> notice)
{
    /// <summary>The value of <c>Variant</c> in ColdStart.csproj, and what the tables call it.</summary>
    private static readonly (string Variant, string Name)[] Variants = [("jit", "framework-dependent"), ("r2r", "ReadyToRun"), ("aot", "NativeAOT")];

    /// <param name="Name">What the tables call it.</param>
    /// <param name="Start">Starts it.</param>
    /// <param name="Bytes">Its files.</param>
    private sealed record Program(string Name, ProcessStartInfo Start, long Bytes);

    /// <param name="Total">From the start of the process to its first result.</param>
    /// <param name="Load">Of that, loading.</param>
    /// <param name="FirstRun">Of that, the run.</param>
    /// <param name="Peak">Bytes resident at the most.</param>
    /// <param name="Jit">Milliseconds of just-in-time compilation; null if it does not say.</param>
    private sealed record Sample(double Total, double Load, double FirstRun, long Peak, double? Jit);

    /// <summary>Publishes the variants of one network and measures them.</summary>
    public IReadOnlyList<ColdStartResult> Measure(string name, string model)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("cnncodegen-cold-start");
        try
        {
            List<Program> programs = [.. Variants.Select(v => Publish(v.Variant, v.Name, Path.GetFullPath(model), folder.FullName)).OfType<Program>()];
            if (peers.Modules is not null) programs.Add(OnnxRuntime(model, peers.Modules));
            foreach (Program program in programs) Start(program);
            List<Sample>[] samples = [.. programs.Select(_ => new List<Sample>())];
            for (int round = 0; round < rounds; round++)
                for (int i = 0; i < programs.Count; i++) samples[i].Add(Start(programs[i]));
            return
            [
                .. programs.Zip(samples, (program, starts) => new ColdStartResult(
                    name, program.Name, Timing.Of(starts.Select(s => s.Total)), Timing.Of(starts.Select(s => s.Load)), Timing.Of(starts.Select(s => s.FirstRun)),
                    starts.Min(s => s.Jit), starts.Max(s => s.Peak), program.Bytes)),
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Program? Publish(string variant, string name, string model, string folder)
    {
        string target = Path.Combine(folder, variant);
        ProcessStartInfo start = new("dotnet", ["publish", Project, "-c", "Release", "-v", "q", "-nologo", $"-p:Model={model}", $"-p:Variant={variant}", "-o", target])
        {
            RedirectStandardOutput = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1", ["UseSharedCompilation"] = "false" },
        };
        using Process publish = Process.Start(start)!;
        string output = publish.StandardOutput.ReadToEnd();
        publish.WaitForExit();
        if (publish.ExitCode != 0)
        {
            notice($"Without {name}: {output.Split('\n').FirstOrDefault(line => line.Contains("error", StringComparison.Ordinal)) ?? "dotnet publish failed"}");
            return null;
        }

        ProcessStartInfo run = new(Path.Combine(target, "ColdStart")) { RedirectStandardInput = true, RedirectStandardOutput = true };
        return new Program(name, run, Directory.EnumerateFiles(target).Where(file => Path.GetExtension(file) is not (".pdb" or ".dbg" or ".xml")).Sum(Length));
    }

    /// <summary>The library, its binding and the model; the scripts are small.</summary>
    private static Program OnnxRuntime(string model, string modules)
    {
        string system = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        string libraries = Path.Combine(system, RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());
        IEnumerable<string> files = Directory.EnumerateFiles(Path.Combine(modules, "onnxruntime-node", "bin"), "*", SearchOption.AllDirectories)
            .Where(file => Path.GetDirectoryName(file)!.EndsWith(libraries, StringComparison.Ordinal));
        return new Program("ONNX Runtime (Node.js)", OnnxRuntimeEngine.StartInfo(model, threads: 1, modules), files.Append(model).Sum(Length));
    }

    private static Sample Start(Program program)
    {
        long begin = Stopwatch.GetTimestamp();
        using Process process = Process.Start(program.Start)!;
        string? line = process.StandardOutput.ReadLine();
        double total = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        JsonElement first = JsonElement.Parse(line ?? throw new InvalidOperationException($"{program.Start.FileName} ended without a result"));
        process.StandardInput.WriteLine("memory");
        process.StandardInput.Close();
        JsonElement memory = JsonElement.Parse(process.StandardOutput.ReadLine()!);
        process.WaitForExit();
        return new Sample(
            total, first.GetProperty("load_ms").GetDouble(), first.GetProperty("first_ms").GetDouble(), memory.GetProperty("peak").GetInt64(),
            first.TryGetProperty("jit_ms", out JsonElement jit) ? jit.GetDouble() : null);
    }

    private static long Length(string file) => new FileInfo(file).Length;

    private static string Project => Path.Combine(Repository.Root, "tests", "CnnCodegen.Benchmarks", "ColdStart", "ColdStart.csproj");
}
