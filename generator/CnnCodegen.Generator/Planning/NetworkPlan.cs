using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Planning;

/// <summary>Where a tensor starts.</summary>
internal enum Memory
{
    None,

    /// <summary>The caller's input number Offset.</summary>
    Input,

    /// <summary>The caller's output number Offset.</summary>
    Output,

    /// <summary>Offset bytes into the workspace.</summary>
    Workspace,

    /// <summary>Offset bytes into the packed weights.</summary>
    Weights,
}

/// <summary>The start of a tensor: a block of memory and an offset into it (for the caller's tensors, which one).</summary>
internal readonly record struct Place(Memory Memory, long Offset)
{
    public static Place None => default;
}

/// <summary>One kernel run in its place in the network.</summary>
/// <param name="Layer">The name it appears under.</param>
/// <param name="Description">The layer with its options and everything fused into it.</param>
/// <param name="Shape">The shape of the layer's result.</param>
/// <param name="Reason">Why this algorithm, and why not those before it.</param>
/// <param name="Kernel">The code.</param>
/// <param name="Input">What it reads.</param>
/// <param name="Second">Its second operand.</param>
/// <param name="Weights">Its packed weights.</param>
/// <param name="WeightBytes">Their size.</param>
/// <param name="Output">What it writes.</param>
/// <param name="OutputView">How the result lies.</param>
/// <param name="ClearsBorder">The output is new memory whose border has to be filled first.</param>
/// <param name="Macs">Multiply-accumulates of the direct algorithm.</param>
internal sealed record StepPlan(
    string Layer,
    string Description,
    TensorShape Shape,
    string Reason,
    KernelPlan Kernel,
    Place Input,
    Place Second,
    Place Weights,
    long WeightBytes,
    Place Output,
    TensorView OutputView,
    bool ClearsBorder,
    long Macs)
{
    /// <summary>The bound of the layer's rounding error as a multiple of that of the direct algorithm.</summary>
    public double Amplification { get; init; } = 1;

    /// <summary>What it reads that an earlier step of the layer handed on beside the input.</summary>
    public Place Third { get; init; }

    /// <summary>What the border is filled with: 0, or the byte that means 0.</summary>
    public int BorderByte { get; init; }

    /// <summary>Threads share its units; otherwise it is too short for that.</summary>
    public bool Shared { get; init; }
}

/// <summary>Weights in their place in the packed block.</summary>
internal sealed record PackedWeights(string Layer, PackRecipe Recipe, long Offset);

/// <summary>A network planned for one instruction set: every decision made, nothing left to the emitter.</summary>
/// <param name="Model">The rewritten model.</param>
/// <param name="OutputNames">What the user called the outputs; rewrites may have merged their layers into others.</param>
/// <param name="Isa">The target.</param>
/// <param name="Steps">In the order in which they run.</param>
/// <param name="Weights">In the order in which they lie.</param>
/// <param name="WorkspaceBytes">The peak of the workspace.</param>
/// <param name="WeightBytes">The size of all packed weights.</param>
internal sealed record NetworkPlan(
    NetworkModel Model,
    EquatableArray<string> OutputNames,
    Isa Isa,
    EquatableArray<StepPlan> Steps,
    EquatableArray<PackedWeights> Weights,
    long WorkspaceBytes,
    long WeightBytes)
{
    /// <summary>Algorithms that were asked for and cannot be used.</summary>
    public EquatableArray<Refusal> Refusals { get; init; }

    /// <summary>The kernels, each once, in the order of their first use, before what calls them.</summary>
    public IEnumerable<KernelPlan> Kernels => Steps.SelectMany(s => s.Kernel.Callees.Append(s.Kernel)).Distinct();

    /// <summary>The scratch memory of one thread: as much as the neediest kernel wants.</summary>
    public long ScratchBytes => Steps.Select(s => Alignment.Up(s.Kernel.ScratchBytes)).DefaultIfEmpty(0).Max();
}
