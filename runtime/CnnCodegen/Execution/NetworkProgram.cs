namespace CnnCodegen.Execution;

/// <summary>
/// A network compiled for one instruction set: the base of the generated programs. It holds no state of a call or of a loaded network;
/// <see cref="NetworkHost"/> owns the memory it works on.
/// </summary>
public abstract class NetworkProgram
{
    private int _used;

    /// <summary>The plan.</summary>
    public abstract NetworkInfo Info { get; }

    /// <summary>Whether this CPU executes the program's instructions. A program whose check fails still runs, by the slow software fallback of the vector types.</summary>
    public abstract bool IsSupported { get; }

    /// <summary>Writes all weights in the order in which the kernels read them.</summary>
    /// <param name="packer">Source and destination.</param>
    public abstract void Pack(WeightPacker packer);

    /// <summary>Runs all steps.</summary>
    /// <param name="frame">The memory of this call.</param>
    public abstract void Run(in Frame frame);

    /// <summary>Runs all steps and records when each one ended.</summary>
    /// <param name="frame">The memory of this call.</param>
    /// <param name="timestamps">One <see cref="System.Diagnostics.Stopwatch"/> timestamp for each of the plan's steps.</param>
    public abstract void Profile(in Frame frame, Span<long> timestamps);

    /// <summary>Compiles the kernels before a run does, where the runtime compiles just in time; the results do not depend on it.</summary>
    public virtual void CompileKernels()
    {
    }

    /// <summary>True for the first caller only.</summary>
    internal bool IsFirstUse() => Interlocked.Exchange(ref _used, 1) == 0;
}
