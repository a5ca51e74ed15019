using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;
using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Import;

namespace CnnCodegen.Tool.Verification;

/// <summary>A network compiled to return the values of any of its nodes.</summary>
internal sealed class NodeRunner : IDisposable
{
    private readonly CompiledNetwork _code;
    private readonly INetwork _network;
    private readonly int[] _lengths;

    /// <param name="network">The network.</param>
    /// <param name="nodes">Indices of the nodes, no inputs.</param>
    /// <param name="isa">What to compile for; emulated where this CPU lacks it.</param>
    public NodeRunner(ImportedNetwork network, IReadOnlyList<int> nodes, TargetIsa isa)
    {
        _lengths = [.. nodes.Select(n => (int)network.Model.Nodes[n].Shape.Elements)];
        _code = NetworkCompiler.Compile(network.Model with { Outputs = new EquatableArray<int>([.. nodes]) }, Enum.Parse<Isa>(isa.ToString()));
        using MemoryStream weights = WeightFile.InMemory(WeightsOf(network, nodes));
        _network = _code.Load(weights, new NetworkOptions { Isa = isa, AllowEmulation = true });
    }

    /// <summary>The values of the nodes, in the order in which they were given.</summary>
    public float[][] Run(ReadOnlyMemory<float>[] inputs)
    {
        float[][] results = [.. _lengths.Select(length => new float[length])];
        _network.Run(inputs, [.. results.Select(r => r.AsMemory())]);
        return results;
    }

    /// <summary>The tensors that the nodes depend on; a network takes no others.</summary>
    private static Dictionary<string, (int[] Shape, float[] Data)> WeightsOf(ImportedNetwork network, IReadOnlyList<int> nodes)
    {
        HashSet<string> live = [];
        Stack<int> left = new(nodes);
        while (left.TryPop(out int node))
            if (live.Add(network.Model.Nodes[node].Name)) foreach (int input in network.Model.Nodes[node].Inputs) left.Push(input);
        return network.Model.WeightTensors().Where(t => live.Contains(t.Node.Name)).ToDictionary(t => t.Name, t => network.Weights[t.Name], StringComparer.Ordinal);
    }

    public void Dispose()
    {
        _network.Dispose();
        _code.Dispose();
    }
}
