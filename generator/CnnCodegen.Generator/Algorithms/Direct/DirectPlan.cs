using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>
/// A direct convolution (a linear layer is one over a row of one pixel per batch entry): strides and offsets in bytes,
/// everything else in elements.
/// </summary>
internal sealed record DirectPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(DirectAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>The weights that a pass may have, in one tile; more hints are more code than the JIT compiler optimises.</summary>
    private const int MaxPrefetchLines = DirectAlgorithm.PassBudget / Alignment.Bytes;

    /// <summary>Images, and groups of channels that do not mix.</summary>
    public int Images { get; init; } = 1;

    public int Groups { get; init; } = 1;

    /// <summary>Input channels of a group, and how many of them lie together as one block of the reduction.</summary>
    public int InChannels { get; init; }

    public int ChannelBlock { get; init; }

    /// <summary>Blocks of input channels whose weights stay in the first-level cache for a pass over the band.</summary>
    public int BlocksPerPass { get; init; }

    /// <summary>
    /// Products, each of input and weights of its own, that may add to the same output one after the other: the first begins with the
    /// bias, the last adds the residual and activates. Their inputs may lie at different distances, so those between channel blocks are arguments.
    /// </summary>
    public int Chain { get; init; } = 1;

    public bool IsChained => Chain > 1;

    /// <summary>Input channels written out in the innermost loop.</summary>
    public int Unroll { get; init; }

    public int KernelH { get; init; }

    public int KernelW { get; init; }

    /// <summary>Output pixels, and output channels of a group.</summary>
    public int OutH { get; init; }

    public int OutW { get; init; }

    public int OutChannels { get; init; }

    /// <summary>Bands of the plane, in steps of the register tile: a band's input and output stay in the second-level cache.</summary>
    public Cut Bands { get; init; }

    /// <summary>All output channels of a band come before the next band, so that its input is read from the second-level cache.</summary>
    public bool BandsOutside { get; init; }

    public RegisterTile Register { get; init; } = null!;

    /// <summary>Distances in the input; a row and a column are those of one output pixel, the origin is the first pixel's first tap.</summary>
    public PlaneStrides Input { get; init; } = null!;

    /// <summary>Distances in the input between channels of a block, kernel rows and kernel columns.</summary>
    public int InChannel { get; init; }

    public int TapRow { get; init; }

    public int TapColumn { get; init; }

    public PlaneStrides Output { get; init; } = null!;

    /// <summary>The tensor that is added before the activation; null if there is none.</summary>
    public PlaneStrides? Residual { get; init; }

    public Activation? Activation { get; init; }

    /// <summary>The output holds only the real channels, so the last vector is stored in part.</summary>
    public bool PartialStore { get; init; }

    public override string Tile => Register.Describe();

    public int Lanes => Isa.Lanes();

    /// <summary>Vectors of output channels of a group, and register tiles of them.</summary>
    public int OutVectors => (OutChannels + Lanes - 1) / Lanes;

    public int VectorGroups => OutVectors / Register.Blocks;

    public int Taps => KernelH * KernelW;

    public int ChannelBlocks => (InChannels + ChannelBlock - 1) / ChannelBlock;

    /// <summary>Passes of one product, and of all that add to an output.</summary>
    public int ProductPasses => (ChannelBlocks + BlocksPerPass - 1) / BlocksPerPass;

    public int Passes => Chain * ProductPasses;

    /// <summary>Partial sums wait in the output between passes.</summary>
    public bool ManyPasses => Passes > 1;

    /// <summary>The last pass has fewer blocks than the others.</summary>
    public bool BlocksVary => ManyPasses && ChannelBlocks % BlocksPerPass != 0;

    /// <summary>Channels of the last block where it has fewer than the others; 0: all are whole.</summary>
    public int TailChannels => InChannels % ChannelBlock;

    /// <summary>
    /// Each tile brings a part of the next pass's weights closer. Not where weights are used for a single tile of one pixel, where nothing
    /// follows, where the instruction set has no such hint, or where a few rows of a linear layer share so many weights that they come as a stream.
    /// </summary>
    public bool Prefetches => Isa != Isa.Portable && Passes * VectorGroups > 1 && Register.Rows.Size * Register.Columns.Size > 1
        && Cut.CeilingOver(LinesPerTile, BlocksPerPass * KernelH) <= MaxPrefetchLines;

    /// <summary>
    /// Each tile brings the pixels of the next one closer, in a 1x1 convolution of more channel blocks than the hardware follows streams.
    /// </summary>
    public bool PrefetchesInput => Isa != Isa.Portable && Taps == 1 && Register.Steps > 1 && InChannel == 4 && BlocksPerPass >= 8;

    /// <summary>Where a tile has many lines to bring, it brings some in each channel block and kernel row instead of all at its start.</summary>
    public bool SpreadsPrefetch => Prefetches && LinesPerTile > BlocksPerPass * KernelH && BlocksPerPass * KernelH > 1;

    /// <summary>Cache lines of weights that each tile, or each of its channel blocks and kernel rows, brings closer.</summary>
    public int PrefetchLines => SpreadsPrefetch ? Cut.CeilingOver(LinesPerTile, BlocksPerPass * KernelH) : LinesPerTile;

    /// <summary>Bytes of the weights of one register tile of output channels for one input channel and tap.</summary>
    public int TapWeightBytes => Register.Blocks * Lanes * 4;

    private int LinesPerTile => Cut.CeilingOver(PassWeightBytes / Alignment.Bytes, TilesPerPass);

    private int TilesPerPass => Bands.Size * Register.TilesPerStep;

    public int BlockWeightBytes => ChannelBlock * Taps * TapWeightBytes;

    public int PassWeightBytes => BlocksPerPass * BlockWeightBytes;

    /// <summary>Bytes of the weights of one register tile of output channels: every input channel, padded to whole blocks.</summary>
    public int GroupWeightBytes => ChannelBlocks * BlockWeightBytes;

    /// <summary>Bytes of the biases, which lie before the weights.</summary>
    public int BiasBytes => (int)Alignment.Up((long)Groups * OutVectors * Lanes * 4);

    public long WeightBytes => BiasBytes + Alignment.Up((long)Groups * VectorGroups * GroupWeightBytes);
}

/// <summary>
/// Weights in the order in which the direct kernel reads them: biases, then for every group and register tile of output channels
/// [input block][kernel row][kernel column][input channel][vector][lane], zeros where there is no channel.
/// </summary>
internal sealed record DirectRecipe(
    ConvWeights Tensors, int Groups, int OutChannels, int InChannels, int Taps, int Lanes, int Vectors, int ChannelBlock, long BiasBytes, long Bytes)
    : PackRecipe(Bytes);
