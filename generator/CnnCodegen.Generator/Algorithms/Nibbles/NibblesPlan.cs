using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Nibbles;

/// <summary>
/// A convolution of signs whose counts are looked up: strides and offsets in bytes. A pair is two output pixels of one column, the second a fixed number
/// of rows below the first. A unit is a band of rows of pairs, with the output channels of a few vectors.
/// </summary>
internal sealed record NibblesPlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(NibblesAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    /// <summary>Channels of a word, of a nibble, and nibbles of a word.</summary>
    public const int WordChannels = 64, NibbleChannels = 4, WordNibbles = WordChannels / NibbleChannels;

    /// <summary>Words whose counts fit a byte.</summary>
    public const int PieceWords = byte.MaxValue / WordChannels;

    /// <summary>Nibbles whose counts fit four bits, so that one byte counts for both pixels of a pair.</summary>
    public const int Together = 15 / NibbleChannels;

    public int InChannels { get; init; }

    public int OutChannels { get; init; }

    /// <summary>Vectors of output channels of a unit, a byte each: whole words.</summary>
    public int Vectors { get; init; }

    /// <summary>Pairs of a row, and rows from the first pixel of a pair to the second.</summary>
    public int Columns { get; init; }

    public int Apart { get; init; }

    /// <summary>The first row of pairs has second pixels that are the first ones of the last row, or of itself.</summary>
    public bool Overlaps { get; init; }

    public BorderClasses RowClasses { get; init; }

    public BorderClasses ColumnClasses { get; init; }

    /// <summary>Rows and pixels of the input from an output to the next, and rows that a window reaches.</summary>
    public int RowStride { get; init; }

    public int ColumnStride { get; init; }

    public int WindowRows { get; init; }

    /// <summary>Pixels of a row of the input that windows reach.</summary>
    public int InColumns { get; init; }

    /// <summary>The words of a window where they are distances to entries of the table.</summary>
    public Popcount.Reduction Reduction { get; init; } = null!;

    /// <summary>The input; a column and a row are those of pixels.</summary>
    public PlaneStrides Input { get; init; } = null!;

    /// <summary>The output; a block is the channels of a unit.</summary>
    public PlaneStrides Output { get; init; } = null!;

    public override string Tile => $"2 pixels, {Channels} channels";

    public int VectorBytes => Isa.Lanes() * sizeof(float);

    /// <summary>Output channels of a unit.</summary>
    public int Channels => Vectors * VectorBytes;

    /// <summary>Words of the channels of an input pixel.</summary>
    public int Words => Cut.CeilingOver(InChannels, WordChannels);

    /// <summary>Bytes of a word's 16-bit distances to entries of the table.</summary>
    public const int DistanceBytes = WordNibbles * sizeof(ushort);

    /// <summary>Bytes of the distances of a row of the input.</summary>
    public int DistanceRow => InColumns * Words * DistanceBytes;

    /// <summary>Words of a run that are counted in bytes before these are added to counts of 16 bits.</summary>
    public Cut Pieces => Cut.Evenly(Reduction.Words, PieceWords);

    /// <summary>Bytes of the 16-bit counts of a pixel, and of what those of a border class begin with: [vector][even and odd channels].</summary>
    public int CountBytes => Channels * sizeof(short);

    public int Classes => RowClasses.Count * ColumnClasses.Count;

    /// <summary>Bytes of the numbers of a unit's channels to begin with, and where they lie.</summary>
    public int StartBytes => Classes * CountBytes;

    public int WeightOffset => Planes.Blocks * StartBytes;

    /// <summary>Bytes of a word's weights for the channels of a unit, and of a window's: [tap][word][byte of the word][channel].</summary>
    public int WordBytes => WordChannels / 8 * Channels;

    public int FilterBytes => Reduction.Total * WordBytes;

    /// <summary>The same where each nibble has a byte, as they are looked up: [nibble][channel].</summary>
    public int WordNibbleBytes => WordNibbles * Channels;

    public long WeightBytes => WeightOffset + ((long)Planes.Blocks * FilterBytes);

    /// <summary>Scratch memory: distances, then counts, then the nibbles of the words that are counted together.</summary>
    public int CountsOffset => (int)Alignment.Up((long)(((Planes.Bands.Size - 1) * RowStride) + WindowRows) * DistanceRow);

    public int NibblesOffset => CountsOffset + (Planes.Bands.Size * Columns * 2 * CountBytes);

    public int ScratchEnd => NibblesOffset + (Pieces.Size * WordNibbleBytes);
}

/// <summary>
/// Weights of one bit: [unit's channels][border class][vector][even and odd channels] the negative threshold of a count, 16 bits each, then
/// [unit's channels][tap][word][byte of the word][channel].
/// </summary>
internal sealed record NibblesRecipe(
    ConvWeights Tensors, int OutChannels, int InChannels, int KernelRows, int KernelColumns, EquatableArray<int> RowClasses, EquatableArray<int> ColumnClasses,
    int Channels, int VectorBytes, long Bytes) : PackRecipe(Bytes);
