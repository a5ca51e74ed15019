using CnnCodegen.Generator.Model;

namespace CnnCodegen.Generator.Planning;

/// <summary>
/// Everything an emitter needs to write one kernel, and nothing about where in a network it is used: layers with equal
/// kernel plans share one kernel.
/// </summary>
/// <param name="Algorithm">The catalog entry that emits it.</param>
/// <param name="Isa">The instruction set it is for.</param>
/// <param name="Name">The class, without the suffix of the instruction set.</param>
/// <param name="Summary">What it computes, for the head of the file.</param>
/// <param name="Units">Independent units of work, which threads share.</param>
internal abstract record KernelPlan(string Algorithm, Isa Isa, string Name, string Summary, int Units)
{
    /// <summary>The class that holds the kernel.</summary>
    public string ClassName => $"{Name}__{Isa}";

    /// <summary>Bytes of memory of its own that each thread needs while it runs the kernel.</summary>
    public int ScratchBytes { get; init; }

    /// <summary>The register tile or the blocking, for the plan table; empty if there is none.</summary>
    public virtual string Tile => "";

    /// <summary>The kernels that it calls, each of a class of its own.</summary>
    public virtual IEnumerable<KernelPlan> Callees => [];

    /// <summary>The same kernel with other ones in the place of its <see cref="Callees"/>.</summary>
    public virtual KernelPlan WithCallees(Func<KernelPlan, KernelPlan> map) => this;
}

/// <summary>One kernel run as part of a layer: which of the layer's values its operands are (-1: none).</summary>
/// <param name="Kernel">The code.</param>
/// <param name="Input">Index of the layer's input it reads.</param>
/// <param name="Second">Index of the layer's input that is the second operand.</param>
/// <param name="Weights">How its weights are packed; null if it has none.</param>
internal sealed record KernelCall(KernelPlan Kernel, int Input = 0, int Second = -1, PackRecipe? Weights = null)
{
    /// <summary>What it reads in place of an input.</summary>
    public Temporary? Source { get; init; }

    /// <summary>What it reads beside its input and its second operand.</summary>
    public Temporary? Third { get; init; }

    /// <summary>What it writes in place of the layer's output.</summary>
    public Temporary? Target { get; init; }
}

/// <summary>What one kernel of a layer hands on to later ones: memory of the workspace whose content is undefined before.</summary>
/// <param name="Name">Tells it from the layer's other temporaries.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record Temporary(string Name, long Bytes);

/// <summary>How the run time packs the weights of one kernel.</summary>
/// <param name="Bytes">The size of the packed weights.</param>
internal abstract record PackRecipe(long Bytes)
{
    /// <summary>Bytes that one call can pack: it gets them as a span of floats.</summary>
    public const long MaxBytes = int.MaxValue * 4L;
}

/// <summary>The tensors of a convolution or linear layer; <paramref name="Norm"/> is folded into them.</summary>
internal sealed record ConvWeights(string Weight, string? Bias, string? Norm, float Epsilon)
{
    public static ConvWeights Of(Node node, bool bias) => new(
        node.Name + ".weight",
        bias ? node.Name + ".bias" : null,
        node.Epilogue.Norm?.Name,
        node.Epilogue.Norm?.Layer.Epsilon ?? 0);
}
