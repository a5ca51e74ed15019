using System.Reflection;
using CnnCodegen.Weights;

namespace CnnCodegen.Execution;

public sealed unsafe partial class NetworkHost
{
    private const int MaxThreads = 1024;

    /// <summary>Picks the program for this CPU.</summary>
    /// <param name="candidates">One for each generated instruction set, the best first.</param>
    /// <param name="options">May pin one, or allow emulation.</param>
    /// <exception cref="ArgumentException">The pinned instruction set was not generated.</exception>
    /// <exception cref="PlatformNotSupportedException">The CPU lacks what is needed; the message says what to change.</exception>
    public static NetworkProgram Select(NetworkProgram[] candidates, NetworkOptions? options) => ProgramSelection.Select(candidates, options);

    /// <summary>Loads a network with the weights that it names: an embedded resource, or a file beside the program.</summary>
    /// <param name="candidates">One for each generated instruction set, the best first.</param>
    /// <param name="weights">Logical name of the resource and name of the file; null if the network names none.</param>
    /// <param name="assembly">Holds the resource.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">The weights are in neither place.</exception>
    /// <exception cref="InvalidOperationException">The network has weights but names none.</exception>
    /// <exception cref="WeightFileException">The weights are malformed or do not fit.</exception>
    public static NetworkHost Open(NetworkProgram[] candidates, string? weights, Assembly assembly, NetworkOptions? options) =>
        Open(candidates, options, info => WeightSource.Open(
            weights ?? throw new InvalidOperationException($"{info.Name} names no weights; use Load(path), or set Weights of its Network attribute"),
            assembly));

    /// <summary>Loads a network with the weights of a file.</summary>
    /// <param name="candidates">One for each generated instruction set, the best first.</param>
    /// <param name="path">A safetensors file; not opened if the network has no weights.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <exception cref="WeightFileException">The weights are malformed or do not fit.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NetworkHost Open(NetworkProgram[] candidates, string path, NetworkOptions? options) =>
        Open(candidates, options, _ => SafetensorsFile.Open(path));

    /// <summary>Loads a network with weights from a stream.</summary>
    /// <param name="candidates">One for each generated instruction set, the best first.</param>
    /// <param name="stream">A safetensors file from the stream's position to its end; it stays open. Not read if the network has no weights.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <exception cref="WeightFileException">The weights are malformed or do not fit.</exception>
    public static NetworkHost Open(NetworkProgram[] candidates, Stream stream, NetworkOptions? options) =>
        Open(candidates, options, _ => SafetensorsFile.Read(stream));

    private static NetworkHost Open(NetworkProgram[] candidates, NetworkOptions? options, Func<NetworkInfo, SafetensorsFile> open)
    {
        int threads = options?.Threads ?? 1;
        if (threads is < 1 or > MaxThreads)
            throw new ArgumentOutOfRangeException(nameof(options), threads, $"NetworkOptions.Threads must be from 1 to {MaxThreads}");

        NetworkProgram program = Select(candidates, options);
        KernelCompiler.Start(program);
        NetworkInfo info = program.Info;
        using SafetensorsFile file = info.Weights.Count == 0 ? SafetensorsFile.Empty() : open(info);
        NativeBuffer weights = new(info.WeightBytes, zeroed: true);
        try
        {
            program.Pack(new WeightPacker(file, info.Weights, weights.Pointer, info.WeightBytes));
            return new NetworkHost(program, weights, threads == 1 ? WorkerTeam.Single : new WorkerTeam(threads, info.ScratchBytes));
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }
}
