using CnnCodegen.Tool.Compilation;
using CnnCodegen.Tool.Import;
using CnnCodegen.Tool.Onnx;
using CnnCodegen.Tool.Tensors;

namespace CnnCodegen.Tool.Verification;

/// <summary>An imported network, compiled and loaded.</summary>
internal sealed class RunnableCase : IDisposable
{
    private readonly BoundNetwork _bound;
    private readonly TargetIsa _isa;
    private readonly CompiledSource _code;
    private readonly INetwork _network;

    /// <exception cref="CompilationException">The generator or the compiler refuses the imported class.</exception>
    public RunnableCase(BoundNetwork bound, TargetIsa isa)
    {
        (_bound, _isa) = (bound, isa);
        ImportedNetwork network = bound.Network;
        _code = SourceCompiler.Compile(network.Model.Type.Name + ".cs", network.ClassSource(), isa);
        using MemoryStream weights = WeightFile.InMemory(network.Weights);
        _network = _code.Network.Load(weights, new NetworkOptions { Isa = isa, AllowEmulation = true });
    }

    /// <summary>Whether inputs of the data set are built into the network.</summary>
    public bool HasConstants => _bound.HasConstants;

    /// <summary>Runs the network on a data set's inputs.</summary>
    /// <exception cref="TensorFileException">A tensor has another shape than the network's.</exception>
    public Difference Compare(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> expected, IReadOnlyList<Tolerance> tolerances)
    {
        NetworkInfo info = _network.Info;
        Tensor[] read = Read(inputs);
        for (int i = 0; i < read.Length; i++) RequireShape("input", info.Inputs[i], read[i]);
        for (int i = 0; i < expected.Count; i++) RequireShape("output", info.Outputs[i], expected[i]);
        float[][] results = [.. info.Outputs.Select(o => new float[o.Length])];
        _network.Run([.. read.Select(r => (ReadOnlyMemory<float>)r.Floats)], [.. results.Select(r => r.AsMemory())]);

        Difference worst = default;
        for (int i = 0; i < results.Length; i++)
        {
            float[] floats = expected[i].ToExactFloats().Floats;
            worst = worst.Max(Difference.Of(results[i], k => floats[k], tolerances[i]));
        }

        return worst;
    }

    /// <summary>Says where a wrong output comes from.</summary>
    public string FindFault(IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> expected, IReadOnlyList<Tolerance> tolerances) =>
        new FaultFinder(_bound.Network).Find(_isa, Read(inputs), [.. expected.Select(e => e.ToExactFloats())], tolerances);

    /// <summary>What the network reads of a data set, integers as floats.</summary>
    private Tensor[] Read(IReadOnlyList<Tensor> inputs) => [.. _bound.Inputs.Select(i => inputs[i].ToExactFloats())];

    public void Dispose()
    {
        _network.Dispose();
        _code.Dispose();
    }

    private static void RequireShape(string what, TensorInfo declared, Tensor found)
    {
        if (!declared.Shape.SequenceEqual(found.Dims))
            throw new TensorFileException($"the {what} {declared.Name} is {declared.ShapeText} in the network and {found.Shape} in the data set");
    }
}
