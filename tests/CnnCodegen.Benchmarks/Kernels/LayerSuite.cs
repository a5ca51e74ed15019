using BenchmarkDotNet.Attributes;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Benchmarks;

/// <summary>
/// Calls of networks of one layer, for one kernel family. A call includes the changes of layout at both ends; <c>layers</c> and
/// <c>compare --layers</c> time kernels without them.
/// </summary>
public abstract class LayerSuite
{
    private SingleLayer? _layer;

    /// <summary>Threads that share a call.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Compiles the network and packs its weights.</summary>
    [GlobalSetup]
    public void Load() => _layer = Create(Machine.BestIsa);

    /// <summary>One call.</summary>
    [Benchmark]
    public void Run() => _layer!.Run();

    /// <summary>Frees it.</summary>
    [GlobalCleanup]
    public void Free() => _layer?.Dispose();

    private protected abstract SingleLayer Create(Isa isa);

    /// <summary>Numbers from a parameter such as <c>64 56 56</c>.</summary>
    private protected static int[] Parse(string numbers) => [.. numbers.Split(' ').Select(int.Parse)];
}
