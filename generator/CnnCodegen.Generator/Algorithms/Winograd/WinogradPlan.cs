using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Which part of the convolution a kernel computes.</summary>
internal enum WinogradStage
{
    /// <summary>All of it, a block of tiles at a time; what lies between the stages stays in the second-level cache.</summary>
    Fused,

    /// <summary>The transform of the input.</summary>
    Input,

    /// <summary>The products.</summary>
    Product,

    /// <summary>The transform of the products.</summary>
    Output,
}

/// <summary>
/// A convolution of stride 1 by tiles of m x m outputs, or one stage of it: strides and offsets in bytes, everything else in elements.
/// Transformed tiles lie as [group][element of the tile][channel block][tile][lane].
/// </summary>
internal sealed record WinogradPlan(string Algorithm, Isa Isa, string Name, string Summary, int Units) : TilePlan(Algorithm, Isa, Name, Summary, Units)
{
    public WinogradStage Stage { get; init; }

    /// <summary>Groups of channels that do not mix.</summary>
    public int Groups { get; init; }

    /// <summary>Channels of a group.</summary>
    public int InChannels { get; init; }

    public int OutChannels { get; init; }

    /// <summary>Vectors of output channels of a register tile.</summary>
    public int Vectors { get; init; }

    /// <summary>Distances in the input; the origin is the first pixel of the first tile.</summary>
    public PlaneStrides Input { get; init; } = null!;

    public PlaneStrides Output { get; init; } = null!;

    /// <summary>The tensor that is added before the activation; null if there is none.</summary>
    public PlaneStrides? Residual { get; init; }

    public Activation? Activation { get; init; }

    public override string Tile => Stage switch
    {
        WinogradStage.Fused => $"blocks of {Blocks.Size} tiles, {Register}",
        WinogradStage.Product => Register,
        _ => "",
    };

    public int Lanes => Isa.Lanes();

    public int VectorBytes => Lanes * 4;

    public int InBlocks => (InChannels + Lanes - 1) / Lanes;

    public int OutVectors => (OutChannels + Lanes - 1) / Lanes;

    /// <summary>Register tiles of the output channels of a group.</summary>
    public int VectorGroups => OutVectors / Vectors;

    /// <summary>Tiles that lie together in memory: those of a block, or all of them between kernels.</summary>
    public int TilesTogether => Stage == WinogradStage.Fused ? Blocks.Size : Tiles;

    /// <summary>Distances between the channel blocks, the elements and the groups of transformed inputs.</summary>
    public int InBlockBytes => TilesTogether * VectorBytes;

    public int InElementBytes => Spread(InBlocks * InBlockBytes);

    public long InBytes => (long)Elements * InElementBytes;

    /// <summary>Distances between the vectors of channels, the elements and the groups of products. A fused kernel keeps those of one register tile of channels.</summary>
    public int OutVectorBytes => TilesTogether * VectorBytes;

    public int OutElementBytes => Spread((Stage == WinogradStage.Fused ? Vectors : OutVectors) * OutVectorBytes);

    public long OutBytes => (long)Elements * OutElementBytes;

    /// <summary>Bytes of the weights of a register tile of output channels for one element of the tile, and the values that its sums start with.</summary>
    public int ChunkBytes => (InChannels + 1) * Vectors * VectorBytes;

    public long WeightBytes => Alignment.Up((long)Groups * VectorGroups * Elements * ChunkBytes);

    /// <summary>The weights do not stay in the second-level cache: each chunk is brought closer while the one before it is used.</summary>
    public bool Prefetches => Isa != Isa.Portable && InChannels >= Lanes && WeightBytes > 128 * 1024;

    /// <summary>Cache lines of the next chunk that a register tile brings closer with each block of input channels.</summary>
    public int PrefetchLines
    {
        get
        {
            int steps = Pieces.Count * (InChannels / Lanes);
            return ((ChunkBytes / Alignment.Bytes) + steps - 1) / steps;
        }
    }

    private string Register => $"{Pieces.Size} tiles x {Vectors} {(Vectors == 1 ? "vector" : "vectors")}";
}

/// <summary>
/// Filters transformed by G from both sides, in the order in which the products read them: for every group
/// [register tile of output channels][element], or with <paramref name="ByElement"/> [element][register tile]; there
/// [1 + input channel][vector][lane], where 0 stands for what the sums start with: the bias at the element of the point 1 in both directions,
/// which reaches all outputs with the factor 1, and 0 at the others. Zeros where there is no output channel.
/// </summary>
internal sealed record WinogradRecipe(
    ConvWeights Tensors, int Outputs, int Taps, int Groups, int OutChannels, int InChannels, int Lanes, int Vectors, bool ByElement, long Bytes)
    : PackRecipe(Bytes);
