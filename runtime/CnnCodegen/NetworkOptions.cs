namespace CnnCodegen;

/// <summary>How a loaded network runs.</summary>
public sealed record NetworkOptions
{
    /// <summary>Threads that share one call, the caller included: 1 to 1024. More calls than one at a time each run on their own thread.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The instruction set to use; null picks the best one that was generated and that this CPU has.</summary>
    public TargetIsa? Isa { get; init; }

    /// <summary>Lets an instruction set run that this CPU lacks, many times slower, by the software fallback of the vector types.</summary>
    public bool AllowEmulation { get; init; }
}
