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
    public static NetworkHost Open(NetworkProgram[] candidates, string? weights, Assembly assembly, NetworkOptions? options)
    {
        NetworkProgram program = Begin(candidates, options);
        if (weights is null && HasWeights(program))
            throw new InvalidOperationException($"{program.Info.Name} names no weights; use Load(path), or set Weights of its Network attribute");
        using SafetensorsFile file = HasWeights(program) ? WeightSource.Open(weights!, assembly) : SafetensorsFile.Empty();
        return Pack(program, file, options);
    }

    /// <summary>Loads a network with the weights of a file.</summary>
    /// <param name="candidates">One for each generated instruction set, the best first.</param>
    /// <param name="path">A safetensors file; not opened if the network has no weights.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <exception cref="WeightFileException">The weights are malformed or do not fit.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static NetworkHost Open(NetworkProgram[] candidates, string path, NetworkOptions? options)
    {
        NetworkProgram program = Begin(candidates, options);
        using SafetensorsFile file = HasWeights(program) ? SafetensorsFile.Open(path) : SafetensorsFile.Empty();
        return Pack(program, file, options);
    }

    /// <summary>Loads a network with weights from a stream.</summary>
    /// <param name="candidates">One for each generated instruction set, the best first.</param>
    /// <param name="stream">A safetensors file from the stream's position to its end; it stays open. Not read if the network has no weights.</param>
    /// <param name="options">How it runs; null for the defaults.</param>
    /// <exception cref="WeightFileException">The weights are malformed or do not fit.</exception>
    public static NetworkHost Open(NetworkProgram[] candidates, Stream stream, NetworkOptions? options)
    {
        NetworkProgram program = Begin(candidates, options);
        using SafetensorsFile file = HasWeights(program) ? SafetensorsFile.Read(stream) : SafetensorsFile.Empty();
        return Pack(program, file, options);
    }

    /// <summary>Picks the program, and has its kernels compiled meanwhile.</summary>
    private static NetworkProgram Begin(NetworkProgram[] candidates, NetworkOptions? options)
    {
        if (options is not null) CheckThreads(options);
        NetworkProgram program = Select(candidates, options);
        KernelCompiler.Start(program);
        return program;
    }

    private static void CheckThreads(NetworkOptions options)
    {
        if (options.Threads is < 1 or > MaxThreads)
            throw new ArgumentOutOfRangeException(nameof(options), options.Threads, $"NetworkOptions.Threads must be from 1 to {MaxThreads}");
    }

    private static bool HasWeights(NetworkProgram program) => program.Info.Weights.Count > 0;

    private static NetworkHost Pack(NetworkProgram program, SafetensorsFile file, NetworkOptions? options)
    {
        NetworkInfo info = program.Info;
        int threads = options is null ? 1 : options.Threads;
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
