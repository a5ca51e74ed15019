namespace CnnCodegen;

/// <summary>A named tensor of a network: an input, an output, or a weight.</summary>
/// <param name="Name">The layer's name, or the tensor's name in the weight file.</param>
/// <param name="Shape">Its dimensions, batch first.</param>
public sealed record TensorInfo(string Name, IReadOnlyList<int> Shape)
{
    /// <summary>Number of float32 elements.</summary>
    public int Length
    {
        get
        {
            int length = 1;
            for (int i = 0; i < Shape.Count; i++) length *= Shape[i];
            return length;
        }
    }

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
/// <param name="name">The annotated class.</param>
/// <param name="isa">The instruction set the plan is for.</param>
/// <param name="inputs">What <c>Run</c> reads, in order.</param>
/// <param name="outputs">What <c>Run</c> writes, in order.</param>
/// <param name="weights">The tensors the weight file must hold.</param>
/// <param name="layers">Lists the steps; called when somebody asks for them, since to load and run a network nobody needs to.</param>
/// <param name="workspaceBytes">Peak memory that the threads of a call share, besides weights, inputs and outputs.</param>
/// <param name="scratchBytes">Memory that each thread of a call needs besides.</param>
/// <param name="weightBytes">Bytes of all packed weights.</param>
public sealed class NetworkInfo(
    string name,
    TargetIsa isa,
    IReadOnlyList<TensorInfo> inputs,
    IReadOnlyList<TensorInfo> outputs,
    IReadOnlyList<TensorInfo> weights,
    Func<IReadOnlyList<LayerInfo>> layers,
    long workspaceBytes,
    long scratchBytes,
    long weightBytes)
{
    private IReadOnlyList<LayerInfo>? _layers;

    /// <summary>The annotated class.</summary>
    public string Name { get; } = name;

    /// <summary>The instruction set the plan is for.</summary>
    public TargetIsa Isa { get; } = isa;

    /// <summary>What <c>Run</c> reads, in order.</summary>
    public IReadOnlyList<TensorInfo> Inputs { get; } = inputs;

    /// <summary>What <c>Run</c> writes, in order.</summary>
    public IReadOnlyList<TensorInfo> Outputs { get; } = outputs;

    /// <summary>The tensors the weight file must hold.</summary>
    public IReadOnlyList<TensorInfo> Weights { get; } = weights;

    /// <summary>The steps in the order in which they run.</summary>
    public IReadOnlyList<LayerInfo> Layers => _layers ??= layers();

    /// <summary>Peak memory that the threads of a call share, besides weights, inputs and outputs.</summary>
    public long WorkspaceBytes { get; } = workspaceBytes;

    /// <summary>Memory that each thread of a call needs besides.</summary>
    public long ScratchBytes { get; } = scratchBytes;

    /// <summary>Bytes of all packed weights.</summary>
    public long WeightBytes { get; } = weightBytes;

    /// <summary>Multiply-accumulates of one run, by the direct algorithm.</summary>
    public long Macs => Layers.Sum(layer => layer.Macs);
}
