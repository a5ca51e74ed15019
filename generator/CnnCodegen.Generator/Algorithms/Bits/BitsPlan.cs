using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Bits;

/// <summary>What a kernel does with bits.</summary>
internal enum BitsKind
{
    /// <summary>Floats to bits.</summary>
    Pack,

    /// <summary>Bits to -1 and 1.</summary>
    Unpack,

    /// <summary>The or of a window.</summary>
    Pool,

    /// <summary>A copy with more pixels around it.</summary>
    Pad,
}

/// <summary>One pass over packed bits; a unit is a row of one image.</summary>
/// <param name="Isa">The instruction set it is for.</param>
/// <param name="Name">The class, without the suffix of the instruction set.</param>
/// <param name="Summary">What it computes.</param>
/// <param name="Kind">Which pass.</param>
/// <param name="From">The input.</param>
/// <param name="To">The output.</param>
/// <param name="Units">Rows of all images.</param>
internal sealed record BitsPlan(Isa Isa, string Name, string Summary, BitsKind Kind, TensorView From, TensorView To, int Units)
    : KernelPlan(BitsAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>The window of a pooling, or the pads of a padding.</summary>
    public PlaneWindow? Window { get; init; }

    /// <summary>A padding of 1, not of -1.</summary>
    public bool Ones { get; init; }

    /// <summary>Words of a pixel.</summary>
    public int Words => (To.C + 63) / 64;

    /// <summary>The bits of a pixel's last word that are channels.</summary>
    public ulong LastMask => To.C % 64 == 0 ? ulong.MaxValue : (1UL << (To.C % 64)) - 1;
}
