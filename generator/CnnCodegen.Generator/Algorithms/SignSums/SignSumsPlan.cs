using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.SignSums;

/// <summary>
/// A convolution of floats with weights of one bit: strides and offsets in bytes. A unit is a few vectors of neighbouring pixels, in a band of rows, of all
/// output channels of a group. Signs are the weights of a row of the window, those of a channel one behind the other.
/// </summary>
internal sealed record SignSumsPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(SignSumsAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Channels of a word of bits.</summary>
    public const int WordChannels = 64;

    /// <summary>Pixels of a byte of bits.</summary>
    private const int OctetPixels = 8;

    public int Images { get; init; } = 1;

    /// <summary>Groups of channels that do not mix.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>Input and output channels of a group.</summary>
    public int InChannels { get; init; }

    public int OutChannels { get; init; }

    public int KernelRows { get; init; }

    public int KernelColumns { get; init; }

    /// <summary>Rows and pixels of the output; a 1x1 convolution of a plane without a border sees it as one row.</summary>
    public int Rows { get; init; }

    public int Columns { get; init; }

    /// <summary>Pixels of the input from an output to the next.</summary>
    public int RowStride { get; init; } = 1;

    public int ColumnStride { get; init; } = 1;

    /// <summary>The tables of an input row serve all output rows that reach it.</summary>
    public bool SharesRows { get; init; }

    /// <summary>Floats of a vector.</summary>
    public int Lanes { get; init; }

    public SignTile Register { get; init; } = null!;

    /// <summary>The rows cut into bands.</summary>
    public Cut Bands { get; init; }

    /// <summary>The input; a block is a channel, a row and a column those of the first tap from one output to the next.</summary>
    public PlaneStrides Input { get; init; } = null!;

    /// <summary>Distances from a tap to the next.</summary>
    public int TapRow { get; init; }

    public int TapColumn { get; init; }

    /// <summary>The output; a block is a channel, or a word of bits.</summary>
    public PlaneStrides Output { get; init; } = null!;

    /// <summary>What is added before the activation; null if nothing is.</summary>
    public PlaneStrides? Residual { get; init; }

    /// <summary>Of results that are floats.</summary>
    public Activation? Activation { get; init; }

    /// <summary>Results are binarised and stored as bits.</summary>
    public bool Bits { get; init; }

    public override string Tile => $"{Register.Vectors.Size} {(Register.Vectors.Size == 1 ? "vector" : "vectors")} of pixels, sums of {Register.Groups.Size} signs";

    public int VectorBytes => 1 << VectorLog;

    public int VectorLog => Lanes switch { 4 => 4, 8 => 5, _ => 6 };

    /// <summary>Bytes of the sums of a group of signs for a vector of pixels: [pattern of signs][lane].</summary>
    public int SetBytes => (1 << Register.Groups.Size) * VectorBytes;

    /// <summary>Bytes of the sums of a group of signs: [vector][pattern][lane].</summary>
    public int SignGroupBytes => Register.Vectors.Size * SetBytes;

    /// <summary>Bytes of the sums of an input row in a pass.</summary>
    public int TableBytes => Register.Passes.Size * SignGroupBytes;

    /// <summary>Bytes of results in a vector of pixels: each byte has one bit of each of so many pixels.</summary>
    public int Octets => Math.Max(1, Lanes / OctetPixels);

    public int OctetLanes => Math.Min(Lanes, OctetPixels);

    /// <summary>Output channels of whole words.</summary>
    public int PaddedChannels => (OutChannels + WordChannels - 1) / WordChannels * WordChannels;

    /// <summary>Where the bits of results wait in scratch memory, [vector][octet][channel].</summary>
    public int MasksOffset => (int)Alignment.Up(KernelRows * (long)TableBytes);

    public int MaskBytes => Bits ? Register.Vectors.Size * Octets * PaddedChannels : 0;

    /// <summary>Bytes of the scales, which come first, and of the biases behind them.</summary>
    public int ScaleBytes => (int)Alignment.Up(Groups * OutChannels * (long)sizeof(float));

    /// <summary>Where the patterns of the filters begin.</summary>
    public int PatternOffset => 2 * ScaleBytes;

    /// <summary>Bytes of the patterns of filters that are added up side by side, in a pass of so many groups.</summary>
    public int BlockBytes(int groups) => Cut.CeilingOver(KernelRows * groups * Register.Filters * Register.Groups.Size, 8);

    /// <summary>Bytes of the patterns of all filters in a pass of so many groups.</summary>
    public long PassBytes(int groups) => (long)OutChannels / Register.Filters * BlockBytes(groups);

    /// <summary>Bytes of the patterns of the filters of a group.</summary>
    public long GroupPatternBytes => Register.Passes.Pieces.Sum(pass => pass.Count * PassBytes(pass.Size));

    /// <summary>Behind the last pattern lies what a word that begins with it reaches.</summary>
    public long WeightBytes => PatternOffset + Alignment.Up((Groups * GroupPatternBytes) + sizeof(ulong) - 1);
}

/// <summary>
/// Weights of one bit for sums of signs: a scale and a bias for each channel, then for each group of channels, each pass and each block of filters so many
/// bits for [row of the window][group of signs][filter], in whole bytes.
/// </summary>
internal sealed record SignSumsRecipe(
    ConvWeights Tensors, int Groups, int OutChannels, int KernelRows, int KernelColumns, int SignGroups, int Passes, int Filters, long Bytes) : PackRecipe(Bytes);
