using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>A convolution that multiplies by the non-zero weights only: strides and offsets in bytes, everything else in elements.</summary>
internal sealed record SparseConvPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(SparseAlgorithm.Id, Isa, Name, Summary, Units)
{
    public int Images { get; init; } = 1;

    public int Groups { get; init; } = 1;

    /// <summary>Input and output channels of a group.</summary>
    public int InChannels { get; init; }

    public int OutChannels { get; init; }

    /// <summary>The input channels of a group, cut so that the patches of a block stay in the first-level cache.</summary>
    public int BlockChannels { get; init; }

    /// <summary>
    /// The output channels of a group, cut so that their sums stay in the second-level cache, and for threads to share. Those of blocks are cut by whole
    /// blocks: a part is so many times <see cref="PartChannels"/>.
    /// </summary>
    public Cut Parts { get; init; }

    /// <summary>Channels of a block of the output, or 1 for planes.</summary>
    public int PartChannels => Forms.WritesBlocks ? Isa.Lanes() : 1;

    public int OutH { get; init; }

    public int OutW { get; init; }

    public PixelTile Pixels { get; init; } = null!;

    public Patch Patch { get; init; } = null!;

    /// <summary>
    /// The input is read where it lies: vectors may lie across cache lines, but a channel that few filters read is not worth a copy.
    /// </summary>
    public bool ReadsInPlace { get; init; }

    /// <summary>Whether the input and the output lie in channel blocks.</summary>
    public SparseForms Forms { get; init; }

    /// <summary>
    /// The input; a row and a column are those of one output, the origin is the first pixel's first tap. Block is the size of a channel's plane, here
    /// and of the output and the residual: so far apart are channels, and where they lie in blocks the blocks, for each of their channels.
    /// </summary>
    public PlaneStrides Input { get; init; } = null!;

    /// <summary>From an input row to the next.</summary>
    public int InputRow { get; init; }

    /// <summary>From an input pixel to the next.</summary>
    public int InputPixel => Input.Column / ColumnStride;

    public int ColumnStride { get; init; }

    public PlaneStrides Output { get; init; } = null!;

    /// <summary>What is added before the activation; null if nothing is.</summary>
    public PlaneStrides? Residual { get; init; }

    public Activation? Activation { get; init; }

    /// <summary>Room for so many non-zero weights.</summary>
    public int Entries { get; init; }

    public override string Tile => Pixels.Describe() + $", blocks of {BlockChannels} channels" + Forms.Describe();

    /// <summary>Blocks of the input channels of a group.</summary>
    public int Blocks => (InChannels + BlockChannels - 1) / BlockChannels;

    /// <summary>Input channels of the last block.</summary>
    public int LastChannels => InChannels - ((Blocks - 1) * BlockChannels);

    /// <summary>Tiles along the rows and the columns; the last overlaps the one before where they do not fit evenly.</summary>
    public int TilesDown => (OutH + Pixels.Rows - 1) / Pixels.Rows;

    public int TilesAcross => (OutW + Pixels.Columns - 1) / Pixels.Columns;

    /// <summary>The sums are finished in registers and stored as whole vectors.</summary>
    public bool FinishesInRegisters => !Forms.WritesBlocks && Patch.MissingColumns == 0 && Pixels.VectorRows == 1 && (Activation is null || Emission.Dialect.IsShort(Activation));

    /// <summary>Where the pixels of a sum lie behind those of the first, for rows so many bytes apart; a vector of several rows is one of them.</summary>
    public int SumOffset(int sum, int rowBytes) => Pixels.VectorRows > 1
        ? sum * VectorBytes
        : (sum / Pixels.RowVectors * rowBytes) + (sum % Pixels.RowVectors * VectorBytes);

    /// <summary>Bytes of a vector of sums.</summary>
    public int VectorBytes => Pixels.Lanes * 4;

    /// <summary>Sums wait in scratch memory, for the next block or to be finished.</summary>
    public bool KeepsSums => Blocks > 1 || !FinishesInRegisters;

    /// <summary>Bytes of the patches of a block, and of the sums of one output channel.</summary>
    public int PatchBytes => ReadsInPlace ? 0 : (int)Alignment.Up((long)(BlockChannels + Squares.Size - 1) / Squares.Size * Squares.Size * Patch.ChannelBytes);

    public int SumBytes => Pixels.Sums * VectorBytes;

    /// <summary>Output channels whose sums are finished while they are in the first-level cache: blocks of every size.</summary>
    public const int FinishedChannels = 16;

    /// <summary>Output channels whose sums are in scratch memory at once.</summary>
    public int SumChannels { get; init; }

    /// <summary>The sums of all output channels of a unit have places of their own.</summary>
    public bool Waits => SumChannels >= Parts.Size * PartChannels;

    /// <summary>The plan with its output channels cut.</summary>
    public SparseConvPlan CutInto(Cut parts) => With(parts, !KeepsSums ? 0 : Blocks > 1 ? int.MaxValue : FinishedChannels);

    /// <summary>The plan with its output channels in one part, whose sums are all kept.</summary>
    public SparseConvPlan InOnePart()
    {
        int units = (OutChannels + PartChannels - 1) / PartChannels;
        return With(Cut.Evenly(units, units), KeepsSums ? int.MaxValue : 0);
    }

    private SparseConvPlan With(Cut parts, int sumChannels)
    {
        SparseConvPlan plan = this with { Parts = parts, SumChannels = Math.Min(sumChannels, parts.Size * PartChannels) };
        return plan with
        {
            Units = plan.Images * plan.Groups * parts.Count * plan.TilesDown * plan.TilesAcross,
            ScratchBytes = plan.PatchBytes + (plan.SumChannels * plan.SumBytes),
        };
    }

    /// <summary>Where the ends of the rows begin behind the biases, and where the weights begin.</summary>
    public long EndsOffset => Alignment.Up(4L * Groups * OutChannels);

    public long EntriesOffset => EndsOffset + Alignment.Up(4L * ((Groups * Blocks * OutChannels) + 1));

    public long WeightBytes => EntriesOffset + Alignment.Up((long)Entries * EntryBytes);

    /// <summary>A weight: where its input lies in a block, and its value.</summary>
    public const int EntryBytes = 8;
}

/// <summary>
/// Non-zero weights in the order in which the sparse convolution reads them: biases; at the next multiple of 64 bytes, for every group, block of
/// input channels and output channel, the number of the first weight, and at the end that of all; at the next such multiple the weights,
/// each an offset in bytes and a value.
/// </summary>
internal sealed record SparseConvRecipe(
    ConvWeights Tensors, int Groups, int OutChannels, int InChannels, int BlockChannels, int ChannelBytes, EquatableArray<int> TapOffsets, int Entries, long Bytes)
    : PackRecipe(Bytes);
