using CnnCodegen.Generator.Algorithms.Depthwise;
using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fused;

/// <summary>
/// A convolution and the depthwise one that alone reads it, in turn over slabs of the value between them. A slab is the channel blocks of
/// one register tile of the first by a band of rows, and lies in scratch memory; rows that two bands read are computed for both.
/// </summary>
internal sealed record FusedPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(FusedAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Writes slabs. A unit: one register tile of channels; with several bands, one row of it.</summary>
    public DirectPlan First { get; init; } = null!;

    /// <summary>Reads them. A unit: one channel block, one band.</summary>
    public DepthwisePlan Second { get; init; } = null!;

    /// <summary>Rows of the value between, without its border.</summary>
    public int Height { get; init; }

    /// <summary>The border of the value between, and the bytes of a pixel and a row.</summary>
    public Border Border { get; init; }

    public int PixelBytes { get; init; }

    public int RowBytes { get; init; }

    /// <summary>Rows from one row of results to the next.</summary>
    public int Stride { get; init; }

    /// <summary>Rows of a slab, those of the border included.</summary>
    public int SlabRows { get; init; }

    public Cut Bands => Second.Planes.Bands;

    /// <summary>Channel blocks of a slab.</summary>
    public int SlabBlocks => First.Register.Blocks;

    /// <summary>Slabs beside each other.</summary>
    public int Slabs => First.Groups * First.VectorGroups;

    public int BlockBytes => SlabRows * RowBytes;

    public override string Tile => $"{SlabRows} rows x {SlabBlocks} channel blocks between direct {First.Tile} and depthwise {Second.Tile}";

    public override IEnumerable<KernelPlan> Callees => [First, Second];

    public override KernelPlan WithCallees(Func<KernelPlan, KernelPlan> map) => this with { First = (DirectPlan)map(First), Second = (DepthwisePlan)map(Second) };
}

/// <summary>The weights of one kernel, then those of another.</summary>
internal sealed record FusedRecipe(PackRecipe First, PackRecipe Second) : PackRecipe(Alignment.Up(First.Bytes) + Second.Bytes);
