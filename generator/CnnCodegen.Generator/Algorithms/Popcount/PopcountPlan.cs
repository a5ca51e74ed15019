using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Popcount;

/// <summary>A layer of one bit: strides and offsets in bytes. A unit has the channels of one word of the result.</summary>
internal sealed record PopcountPlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(PopcountAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    /// <summary>Output channels of a unit.</summary>
    public const int GroupChannels = 64;

    public int InChannels { get; init; }

    public int OutChannels { get; init; }

    /// <summary>Groups of channels that do not mix, of whole units each.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Weights may be 0, so a word of signs has a second one that says where they are not.</summary>
    public bool Ternary { get; init; }

    /// <summary>Counts are compared with thresholds and stored as bits; otherwise they become floats.</summary>
    public bool Bits { get; init; }

    public Reduction Reduction { get; init; } = null!;

    public int OutW { get; init; }

    public BorderClasses Rows { get; init; }

    public BorderClasses Columns { get; init; }

    /// <summary>The input; a row and a column are those of the first tap from one output to the next.</summary>
    public PlaneStrides Input { get; init; } = null!;

    /// <summary>The output; a block is the channels of a unit.</summary>
    public PlaneStrides Output { get; init; } = null!;

    /// <summary>From a channel block of floats to the next.</summary>
    public int OutputBlock { get; init; }

    /// <summary>What is added before the activation; null if nothing is.</summary>
    public PlaneStrides? Residual { get; init; }

    public int ResidualBlock { get; init; }

    /// <summary>Of results that are floats.</summary>
    public Activation? Activation { get; init; }

    public override string Tile => $"{Lanes} channels, {Reduction.Total} words";

    /// <summary>Output channels of a vector: one word each.</summary>
    public int Lanes => Isa.Lanes() / 2;

    public int VectorBytes => Lanes * sizeof(ulong);

    /// <summary>Vectors of output channels, an even number: two make a vector of floats.</summary>
    public int Vectors => (OutChannels + Isa.Lanes() - 1) / Isa.Lanes() * 2;

    public int Classes => Rows.Count * Columns.Count;

    /// <summary>Bytes of the scales, which come first, and of the biases behind them; thresholds need neither.</summary>
    public int ScaleBytes => Bits ? 0 : (int)Alignment.Up((long)Vectors * Lanes * sizeof(float));

    /// <summary>Bytes of a class's numbers for the channels of a unit.</summary>
    public static int ClassBytes => GroupChannels * sizeof(long);

    /// <summary>Where the numbers of the border classes begin, and where the weights do.</summary>
    public int TableOffset => 2 * ScaleBytes;

    public int WeightOffset => TableOffset + (Planes.Blocks * Classes * ClassBytes);

    /// <summary>Bytes of the weights of a vector of output channels.</summary>
    public int FilterBytes => Reduction.Total * VectorBytes * (Ternary ? 2 : 1);

    public long WeightBytes => WeightOffset + Alignment.Up((long)Vectors * FilterBytes);
}

/// <summary>
/// Weights of one bit: for floats a scale and a bias for each channel; then [unit][border class][channel] a number for each, the negative threshold
/// of the count, or the sum where nothing differs; then [vector][tap][word][lane], of ternary weights the signs before the mask.
/// </summary>
internal sealed record PopcountRecipe(
    ConvWeights Tensors, int OutChannels, int InChannels, int KernelRows, int KernelColumns, int Lanes, int Vectors,
    EquatableArray<int> RowClasses, EquatableArray<int> ColumnClasses, bool Thresholds, bool Ternary, long Bytes) : PackRecipe(Bytes);
