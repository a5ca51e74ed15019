using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Winograd;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>
/// A convolution of codes by tiles of m x m outputs: strides and offsets in bytes. Transformed tiles lie as [element of the tile][phase][tile][channel]
/// in words of 16 bits, products as [element][tile][vector] in 32 bits. A unit is a block of tiles by a part of the output channels.
/// </summary>
internal sealed record Int8WinogradPlan(string Algorithm, Isa Isa, string Name, string Summary, int Units) : TilePlan(Algorithm, Isa, Name, Summary, Units)
{
    /// <summary>Bytes of the codes of a pixel: its channels in whole words of four.</summary>
    public int Channels { get; init; }

    /// <summary>Vectors of output channels, and those of a register tile.</summary>
    public int OutVectors { get; init; }

    public int Vectors { get; init; }

    /// <summary>The register tiles of output channels, cut into the parts that are units of their own.</summary>
    public Cut Parts { get; init; }

    /// <summary>The input; the origin is the first pixel of the first tile.</summary>
    public PlaneStrides Input { get; init; } = null!;

    public Int8Value Output { get; init; } = null!;

    /// <summary>What is added before the activation; null if nothing is.</summary>
    public Int8Value? Residual { get; init; }

    /// <summary>Applied to a result in floats; codes are bounded by their grid alone.</summary>
    public Activation? Activation { get; init; }

    public override string Tile => $"blocks of {Blocks.Size} tiles, {Pieces.Size} tiles x {Vectors * Lanes} channels";

    /// <summary>Output channels of a vector of sums.</summary>
    public int Lanes => Int8Plan.LanesOf(Isa);

    public int VectorBytes => Lanes * 4;

    /// <summary>Input channels that are transformed at once.</summary>
    public int TransformChannels => Lanes * 2;

    /// <summary>What happens along each axis, in integers.</summary>
    public IntegerFilter Integers => IntegerFilter.Of(Outputs, Taps, Stride);

    /// <summary>By how many bits A^T M A is larger than the sums.</summary>
    public int ResultShift => 2 * Integers.Shift;

    /// <summary>Products of a tile for each pair of channels, and how many of them each element has.</summary>
    public int Products => Filter.Products * Filter.Products;

    public IEnumerable<int> PhasesAt => from rows in Filter.PhasesAt from columns in Filter.PhasesAt select rows * columns;

    public bool HasPhases => Stride > 1;

    /// <summary>Bytes of a product's input of a tile, and to that of the next phase or element.</summary>
    public int TileBytes => Channels * WordTile.WordBytes;

    public int InPhaseBytes => Spread((long)Blocks.Size * TileBytes);

    /// <summary>Bytes of the sums of an element of a tile for a register tile of output channels, and to the next element.</summary>
    public int SumBytes => Words.SumBytes;

    public int OutElementBytes => Spread((long)Blocks.Size * SumBytes);

    /// <summary>Bytes of all transformed tiles of a block; their products follow.</summary>
    public int InBytes => checked(Products * InPhaseBytes);

    /// <summary>Bytes of the transformed weights of a register tile of output channels for one product.</summary>
    public int ChunkBytes => Words.ChunkBytes;

    /// <summary>Bytes of the start values of all sums; as many of their scales and of their biases follow, then the weights.</summary>
    public int TableBytes => (int)Alignment.Up((long)OutVectors * VectorBytes);

    public long WeightBytes => (3L * TableBytes) + Alignment.Up((long)Products * OutVectors / Vectors * ChunkBytes);

    /// <summary>The last vector of output channels has no more than half of its bytes in a pixel.</summary>
    public bool HalfTail => Output.HasHalfTail(Lanes);

    /// <summary>Each chunk of weights is brought closer while the one before it is used.</summary>
    public bool Prefetches => WordTile.PrefetchPays(Isa, WeightBytes);

    /// <summary>The products of one element of the tiles of a block.</summary>
    public WordTile Words => new(Isa, Channels, Vectors, Pieces, Prefetches: false, Adds: false, HasPhases ? InPhaseBytes : 0);
}

/// <summary>
/// Weights as the kernel reads them: for each output channel the start of its sum (minus the zero of the input times its weights, at the scale of
/// the transformed sums), its factor and its bias in units of the output; then the filters g as G g G^T, in words of 16 bits, as
/// [register tile of output channels][element][phase][input channels / n][vector][lane][n], where n is what one dot product takes.
/// </summary>
/// <param name="Codes">The layer's tensors and what their codes mean.</param>
/// <param name="Channels">Input channels in whole words of four.</param>
/// <param name="Vectors">Vectors of output channels of a register tile.</param>
/// <param name="Dot">Input channels that one dot product takes.</param>
internal sealed record Int8WinogradRecipe(Int8Tensors Codes, int Outputs, int Taps, int Stride, int OutChannels, int InChannels, int Channels, int Lanes, int OutVectors, int Vectors, int Dot, long Bytes) : PackRecipe(Bytes)
{
    /// <summary>What G is the filter transform of.</summary>
    public IntegerFilter Integers => IntegerFilter.Of(Outputs, Taps, Stride);

    /// <summary>G, row by row.</summary>
    public IEnumerable<int> Transform
    {
        get
        {
            RationalMatrix matrix = Integers.FilterTransform;
            return from row in Enumerable.Range(0, matrix.Rows)
                   from column in Enumerable.Range(0, matrix.Columns)
                   select (int)matrix[row, column].Numerator;
        }
    }
}
