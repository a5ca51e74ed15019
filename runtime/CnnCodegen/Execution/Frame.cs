namespace CnnCodegen.Execution;

/// <summary>The memory of one call. All blocks but the user's inputs and outputs are 64-byte aligned.</summary>
/// <param name="weights">The packed weights.</param>
/// <param name="workspace">The workspace: <see cref="NetworkInfo.WorkspaceBytes"/> bytes, then <see cref="NetworkInfo.ScratchBytes"/> for each thread.</param>
/// <param name="inputs">One pointer for each input.</param>
/// <param name="outputs">One pointer for each output.</param>
/// <param name="team">The threads that share the steps.</param>
public readonly unsafe struct Frame(byte* weights, byte* workspace, byte** inputs, byte** outputs, WorkerTeam team)
{
    /// <summary>The packed weights.</summary>
    public readonly byte* Weights = weights;

    /// <summary>The workspace of this call.</summary>
    public readonly byte* Workspace = workspace;

    /// <summary>The caller's inputs, in order.</summary>
    public readonly byte** Inputs = inputs;

    /// <summary>The caller's outputs, in order.</summary>
    public readonly byte** Outputs = outputs;

    /// <summary>Who computes the steps.</summary>
    public readonly WorkerTeam Team = team;
}

/// <summary>The addresses a kernel works on. A kernel that does not use one gets null.</summary>
/// <param name="input">What it reads.</param>
/// <param name="second">The second operand, or the residual that is added to the result.</param>
/// <param name="weights">Its packed weights.</param>
/// <param name="output">What it writes.</param>
/// <param name="scratch">Memory of the calling thread alone, for what does not outlive the call.</param>
/// <param name="third">What an earlier kernel of the layer hands on to one that reads the layer's input too.</param>
public readonly unsafe struct Operands(byte* input, byte* second, byte* weights, byte* output, byte* scratch = null, byte* third = null)
{
    /// <summary>What the kernel reads.</summary>
    public readonly byte* Input = input;

    /// <summary>The second operand, or the residual.</summary>
    public readonly byte* Second = second;

    /// <summary>The packed weights.</summary>
    public readonly byte* Weights = weights;

    /// <summary>What the kernel writes.</summary>
    public readonly byte* Output = output;

    /// <summary>64-byte aligned memory of the calling thread alone, with undefined content; as much as the kernel's plan says.</summary>
    public readonly byte* Scratch = scratch;

    /// <summary>What an earlier kernel of the layer handed on, beside the input.</summary>
    public readonly byte* Third = third;

    /// <summary>The same operands for another thread, whose scratch memory lies so many bytes further on.</summary>
    internal Operands WithScratch(long offset) => new(Input, Second, Weights, Output, Scratch + offset, Third);
}

/// <summary>Sees the end of every step. Implemented by structs, so that a probe that does nothing costs nothing.</summary>
public interface IStepProbe
{
    /// <summary>Step <paramref name="index"/> has ended.</summary>
    /// <param name="index">Its place in <see cref="NetworkInfo.Layers"/>.</param>
    void Completed(int index);
}

/// <summary>Does nothing.</summary>
public readonly struct NoProbe : IStepProbe
{
    /// <inheritdoc/>
    public void Completed(int index)
    {
    }
}
