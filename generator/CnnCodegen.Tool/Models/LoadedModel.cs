using CnnCodegen.Tool.Compilation;

namespace CnnCodegen.Tool.Models;

/// <summary>A model of the command line: generated and compiled for one instruction set, with its weights at hand.</summary>
/// <param name="code">The compiled class.</param>
/// <param name="isa">What it was compiled for.</param>
/// <param name="load">Loads the network with its weights.</param>
internal sealed class LoadedModel(CompiledSource code, TargetIsa isa, Func<NetworkOptions, INetwork> load) : IDisposable
{
    /// <summary>The compiled class, with the generated files.</summary>
    public CompiledSource Code => code;

    /// <summary>The plan.</summary>
    public NetworkInfo Info { get; } = code.Network.InfoFor(isa);

    /// <summary>Packs the weights; an instruction set that this CPU lacks is emulated.</summary>
    /// <exception cref="CnnCodegen.Weights.WeightFileException">The weights are malformed or do not fit.</exception>
    public INetwork Load(int threads) => load(new NetworkOptions { Threads = threads, Isa = isa, AllowEmulation = true });

    public void Dispose() => code.Dispose();
}
