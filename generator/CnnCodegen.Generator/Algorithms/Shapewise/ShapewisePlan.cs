using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Shapewise;

/// <summary>A convolution over a list of taps: strides and offsets in bytes, everything else in elements.</summary>
internal sealed record ShapewisePlan(Isa Isa, string Name, string Summary) : KernelPlan(ShapewiseAlgorithm.Id, Isa, Name, Summary, 1)
{
    public int Images { get; init; } = 1;

    public int OutChannels { get; init; }

    public int OutH { get; init; }

    /// <summary>The columns of a row, cut into tiles.</summary>
    public Cut Columns { get; init; }

    /// <summary>Vectors of output channels of a tile.</summary>
    public int Vectors { get; init; }

    /// <summary>Room for so many taps.</summary>
    public int Places { get; init; }

    /// <summary>The input; a row and a column are those of one output, the origin is the first pixel's first tap.</summary>
    public PlaneStrides Input { get; init; } = null!;

    public PlaneStrides Output { get; init; } = null!;

    /// <summary>What is added before the activation; null if nothing is.</summary>
    public PlaneStrides? Residual { get; init; }

    public Activation? Activation { get; init; }

    public override string Tile => $"{Columns.Size} pixels x {Vectors} vectors";

    public int OutW => Columns.Extent;

    public int VectorBytes => Isa.Lanes() * 4;

    /// <summary>Tiles of output channels.</summary>
    public int Tiles => (OutChannels + (Vectors * Isa.Lanes()) - 1) / (Vectors * Isa.Lanes());

    /// <summary>Behind the biases the number of taps, then their places, then the weights of each tile of output channels.</summary>
    public long CountOffset => Alignment.Up((long)Tiles * Vectors * VectorBytes);

    public long PlacesOffset => CountOffset + Alignment.Up(4);

    public long ValuesOffset => PlacesOffset + Alignment.Up(4L * Places);

    /// <summary>Weights of a tile of output channels.</summary>
    public long TileBytes => (long)Places * Vectors * VectorBytes;

    public long WeightBytes => ValuesOffset + Alignment.Up(Tiles * TileBytes);
}

/// <summary>
/// Weights of filters that are zero in the same places: the biases, padded to whole tiles; the number of taps that are left; the places of their
/// inputs in bytes; and [tile of output channels][tap][vector][lane]; each part at a multiple of 64 bytes.
/// </summary>
internal sealed record ShapewiseRecipe(
    ConvWeights Tensors, int OutChannels, int Lanes, int Vectors, int BlockBytes, EquatableArray<int> TapOffsets, int Places, long Bytes) : PackRecipe(Bytes);
