using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>
/// Products of words of 16 bits over all channels, to 32-bit sums: inputs as [row][channel], weights as [channels / n][vector][lane][n], where n
/// is what one dot product takes, sums as [row][vector]. There may be several phases of both, over which products are added up.
/// </summary>
/// <param name="Isa">The instruction set.</param>
/// <param name="Channels">Input channels.</param>
/// <param name="Vectors">Vectors of output channels of a register tile.</param>
/// <param name="Pieces">The rows cut into register tiles.</param>
/// <param name="Prefetches">Each iteration of the innermost loop brings a part of the next weights closer.</param>
/// <param name="Adds">The products are added to sums; otherwise sums start at 0.</param>
/// <param name="PhaseBytes">From the inputs of a phase to those of the next; 0 where there is one phase.</param>
internal sealed record WordTile(Isa Isa, int Channels, int Vectors, Cut Pieces, bool Prefetches, bool Adds, int PhaseBytes = 0)
{
    public const int WordBytes = 2;

    /// <summary>Weights that stay in the second-level cache need not be brought closer.</summary>
    private const int NearBytes = 128 * 1024;

    /// <summary>Whether to bring weights closer, so many bytes for all products.</summary>
    public static bool PrefetchPays(Isa isa, long weightBytes) => isa != Isa.Portable && weightBytes > NearBytes;

    public int Lanes => Int8Plan.LanesOf(Isa);

    public int VectorBytes => Lanes * 4;

    /// <summary>Input channels of one iteration of the innermost loop.</summary>
    public int Step => Int8Plan.StepOf(Channels);

    /// <summary>Bytes of the inputs of a row.</summary>
    public int RowBytes => Channels * WordBytes;

    /// <summary>Bytes of the sums of a row.</summary>
    public int SumBytes => Vectors * VectorBytes;

    /// <summary>Bytes of the weights for one input channel, and for all.</summary>
    public int WeightStep => Vectors * Lanes * WordBytes;

    public int ChunkBytes => Channels * WeightStep;

    /// <summary>Cache lines of the next chunk that each iteration of the innermost loop brings closer.</summary>
    public int PrefetchLines
    {
        get
        {
            int steps = Pieces.Count * (Channels / Step);
            return ((ChunkBytes / Alignment.Bytes) + steps - 1) / steps;
        }
    }
}
