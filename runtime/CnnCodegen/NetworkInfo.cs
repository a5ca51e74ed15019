namespace CnnCodegen;

/// <summary>A named tensor of a network: an input, an output, or a weight.</summary>
/// <param name="Name">The layer's name, or the tensor's name in the weight file.</param>
/// <param name="Shape">Its dimensions, batch first.</param>
public sealed record TensorInfo(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Number of float32 elements.</summary>
    public int Length => Shape.Aggregate(1, (a, b) => a * b);

    /// <summary>For example <c>1x3x224x224</c>.</summary>
    public string ShapeText => Shape.Count == 0 ? "scalar" : string.Join('x', Shape);
}

/// <summary>One step of the compiled plan.</summary>
/// <param name="Name">The layer it computes; a change of layout is named after the value it converts.</param>
/// <param name="Description">The layer as a person would say it, with what is fused into it.</param>
/// <param name="Shape">The shape of its result.</param>
/// <param name="Algorithm">The algorithm that computes it.</param>
/// <param name="Reason">Why this algorithm, and why not those before it in the catalog.</param>
/// <param name="Kernel">The generated class that holds the code.</param>
/// <param name="Macs">Multiply-accumulates of the direct algorithm.</param>
/// <param name="WeightBytes">Bytes of packed weights it reads.</param>
/// <param name="Output">Where the result lies: layout and place in the workspace.</param>
public sealed record LayerInfo(
    string Name,
    string Description,
    IReadOnlyList<int> Shape,
    string Algorithm,
    string Reason,
    string Kernel,
    long Macs,
    long WeightBytes,
    string Output);

/// <summary>The plan of a compiled network, fixed when it was built.</summary>
/// <param name="Name">The annotated class.</param>
/// <param name="Isa">The instruction set the plan is for.</param>
/// <param name="Inputs">What <c>Run</c> reads, in order.</param>
/// <param name="Outputs">What <c>Run</c> writes, in order.</param>
/// <param name="Weights">The tensors the weight file must hold.</param>
/// <param name="Layers">The steps in the order in which they run.</param>
/// <param name="WorkspaceBytes">Peak memory that the threads of a call share, besides weights, inputs and outputs.</param>
/// <param name="ScratchBytes">Memory that each thread of a call needs besides.</param>
/// <param name="WeightBytes">Bytes of all packed weights.</param>
public sealed record NetworkInfo(
    string Name,
    TargetIsa Isa,
    IReadOnlyList<TensorInfo> Inputs,
    IReadOnlyList<TensorInfo> Outputs,
    IReadOnlyList<TensorInfo> Weights,
    IReadOnlyList<LayerInfo> Layers,
    long WorkspaceBytes,
    long ScratchBytes,
    long WeightBytes)
{
    /// <summary>Multiply-accumulates of one run, by the direct algorithm.</summary>
    public long Macs => Layers.Sum(layer => layer.Macs);
}
