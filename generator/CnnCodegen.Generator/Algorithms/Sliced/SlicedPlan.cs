using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Sliced;

/// <summary>
/// A convolution of signs, or of codes of few bits, on planes of bits: strides and offsets in bytes. A unit is a block of pixels, with all output channels or with those of
/// one word of the result.
/// </summary>
internal sealed record SlicedPlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(SlicedAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    /// <summary>Channels of a word.</summary>
    public const int WordChannels = 64;

    /// <summary>Planes that the sums of nine signs have: for each sign pattern of a triple eight carries, four times, and the sum and its complement.</summary>
    public const int SumPlanes = 34;

    /// <summary>Of those the ones a filter needs: four of weight 2, one of weight 1.</summary>
    public const int Items = 5;

    /// <summary>Signs that are summed once for all filters.</summary>
    public const int Nine = 9;

    public SlicedBlock Block { get; init; } = null!;

    /// <summary>Digits of the codes that are read, and of those that become results, both in bytes; 0 for signs in packed bits.</summary>
    public int CodeBits { get; init; }

    public int ResultBits { get; init; }

    /// <summary>Numbers that counts are compared with: the greatest code of a result.</summary>
    public int Thresholds { get; init; }

    /// <summary>Digits of a weight, each a sign: the weight is the sum of their values.</summary>
    public int WeightBits { get; init; } = 1;

    public bool IsOfCodes => CodeBits > 0;

    /// <summary>Planes of a channel that is read.</summary>
    public int Digits => Math.Max(1, CodeBits);

    /// <summary>Output rows of an image.</summary>
    public int OutH { get; init; }

    /// <summary>Rows of the last block that the one before computes too, and stores.</summary>
    public int Overlap => (Planes.Bands.Count * Block.Rows) - OutH;

    public int OutChannels { get; init; }

    public int InChannels { get; init; }

    /// <summary>Words of the channels of an input pixel.</summary>
    public int Words => (InChannels + WordChannels - 1) / WordChannels;

    public int KernelRows { get; init; }

    public int KernelColumns { get; init; }

    /// <summary>From a row of the window to the next, in rows of the input.</summary>
    public int RowDilation { get; init; }

    /// <summary>From a column of the window to the next, in pixels.</summary>
    public int ColumnDilation { get; init; }

    /// <summary>Pixels of the first column of the window to the left of the image.</summary>
    public int ColumnPad { get; init; }

    /// <summary>Nines of signs in a row of the window and a word.</summary>
    public int Nines { get; init; }

    /// <summary>Bits of a count.</summary>
    public int CountBits { get; init; }

    /// <summary>Blocks by what lies outside the image there.</summary>
    public BorderClasses Kinds { get; init; }

    /// <summary>The input; a column and a row are those of pixels.</summary>
    public PlaneStrides Input { get; init; } = null!;

    /// <summary>The output; a block is one word.</summary>
    public PlaneStrides Output { get; init; } = null!;

    public override string Tile => $"{Block.Rows}x{Block.Columns} pixels";

    /// <summary>Output channels of a unit.</summary>
    public int UnitChannels => Planes.Blocks > 1 ? WordChannels : OutChannels;

    /// <summary>Bytes of the counters of a channel: the planes of a count that began so that its last one is the result.</summary>
    public int CounterBytes => (CountBits + 1) * Block.VectorBytes;

    /// <summary>Signs in a row of the window and a word, those of no weight at the end included.</summary>
    public int Signs => Math.Max(Nines * Nine, WordChannels * KernelColumns);

    /// <summary>Bytes of what a filter needs for a word: [row][nine][item] offsets.</summary>
    public int EntryBytes => KernelRows * Nines * Items * sizeof(ushort);

    /// <summary>Bytes of a channel's thresholds, one for each digit.</summary>
    public int ThresholdBytes => Thresholds * (CountBits + 1);

    /// <summary>
    /// Where the counters of each kind of block begin, one kind behind the other, is at 0, or the thresholds of codes; the entries come behind them.
    /// </summary>
    public long KindBytes => (long)OutChannels * (IsOfCodes ? ThresholdBytes : CounterBytes);

    public long EntryOffset => Alignment.Up(Kinds.Count * KindBytes);

    public long WeightBytes => EntryOffset + Alignment.Up((long)Words * WeightBits * OutChannels * EntryBytes);

    /// <summary>Scratch memory: words on their way, planes, sums, counters.</summary>
    public int PlanesOffset => WordChannels * Block.VectorBytes;

    public int SumsOffset => (int)Alignment.Up(PlanesOffset + (Signs * Block.PlaneBytes));

    public int SumBytes => Nines * SumPlanes * Block.PlaneBytes;

    public int CountersOffset => (int)Alignment.Up(SumsOffset + SumBytes);

    public int CodesOffset => CountersOffset + ((UnitChannels + WordChannels - 1) / WordChannels * WordChannels * CounterBytes);

    /// <summary>Words of a block of codes on their way, by digit and pixel: of the input, and in the same place of the output.</summary>
    public int PackedBytes => Block.InRows * Block.InColumns * sizeof(ulong);

    public int JoinedBytes => Block.Rows * Block.Columns * sizeof(ulong);

    public int ScratchEnd => CodesOffset + Math.Max(CodeBits * PackedBytes, ResultBits * JoinedBytes);

    /// <summary>From a row and a pixel of words to the next, where they become planes.</summary>
    public int SliceRow => IsOfCodes ? Block.InColumns * sizeof(ulong) : Input.Row;

    public int SliceColumn => IsOfCodes ? sizeof(ulong) : Input.Column;

    /// <summary>The same where planes become words.</summary>
    public int JoinRow => IsOfCodes ? Block.Columns * sizeof(ulong) : Output.Row;

    public int JoinColumn => IsOfCodes ? sizeof(ulong) : Output.Column;
}

/// <summary>
/// What filters of one bit add up: [kind of block][channel][plane] counters to begin with, then [word][channel][row][nine][item] where the planes
/// lie that are added. <paramref name="BlockRows"/> are the classes of a block's rows, for each kind; <paramref name="BlockColumns"/> those of its columns.
/// </summary>
internal sealed record SlicedRecipe(
    ConvWeights Tensors, int OutChannels, int InChannels, int KernelRows, int KernelColumns, EquatableArray<int> RowClasses, EquatableArray<int> ColumnClasses,
    int VectorBytes, int RowBytes, int PlaneBytes, EquatableArray<int> BlockRows, EquatableArray<int> BlockColumns, int Kinds, long Bytes) : PackRecipe(Bytes);

/// <summary>
/// The same of weights and activations of a few bits: [channel][threshold][digit] what is added to a count so that it carries if it reaches the
/// threshold, a byte of equal bits each, then [word][digit of the weights][channel][row][nine][item] where the planes lie that are added.
/// </summary>
internal sealed record SlicedCodesRecipe(
    ConvWeights Tensors, WeightCodes Codes, CodeGrid Input, CodeGrid Output, int OutChannels, int InChannels, int KernelRows, int KernelColumns,
    int PlaneBytes, int WeightBits, int CodeBits, int CountBits, long Bytes) : PackRecipe(Bytes);
