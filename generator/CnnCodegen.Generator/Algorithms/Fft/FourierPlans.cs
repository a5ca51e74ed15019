using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>
/// The transform of a layer's planes. The spectrum of a tile has a bin for each row frequency f and each column frequency k up to half
/// the columns: number k Rows.Size + f. A vector holds the channels of a block, real parts before imaginary ones.
/// </summary>
/// <param name="Rows">The vertical axis.</param>
/// <param name="Columns">The horizontal axis, along which the numbers are real.</param>
/// <param name="Images">Images of the batch.</param>
/// <param name="Lanes">Channels of a vector.</param>
internal sealed record FourierGrid(FourierAxis Rows, FourierAxis Columns, int Images, int Lanes)
{
    public int VectorBytes => Lanes * 4;

    public int ComplexBytes => 2 * VectorBytes;

    /// <summary>Column frequencies that are kept: the others are their conjugates.</summary>
    public int HalfColumns => (Columns.Size / 2) + 1;

    public int Bins => HalfColumns * Rows.Size;

    public int TilesPerPlane => Rows.Tiles.Count * Columns.Tiles.Count;

    public int Tiles => Images * TilesPerPlane;

    /// <summary>Bytes of a row of a tile between the transforms of rows and columns: an odd number of lines, so that a column spreads over the cache.</summary>
    public int RowBytes => (HalfColumns | 1) * ComplexBytes;

    /// <summary>Bytes of a tile between the transforms of rows and columns.</summary>
    public int TileBytes => Math.Max(Rows.Read, Rows.Tiles.Size) * RowBytes;

    /// <summary>Bytes of the values between the steps of a transform.</summary>
    public int BetweenBytes => Math.Max(Rows.Size, Columns.Size) * ComplexBytes;

    /// <summary>Bytes of a block of channels in a bin: all tiles.</summary>
    public int BlockBytes => Tiles * ComplexBytes;

    /// <summary>Bytes from a bin to the next in the spectra of that many channel blocks; odd numbers of lines spread over the cache.</summary>
    public int BinBytes(int blocks) => checked(((blocks * Tiles) | 1) * ComplexBytes);

    /// <summary>For a kernel's name, for example <c>F24x24</c>.</summary>
    public string Tag => $"F{Rows.Size}x{Columns.Size}";
}

/// <summary>What is common to the kernels of a layer: a plane of the input or output, in tiles, to or from their spectra.</summary>
/// <param name="Grid">The transform.</param>
/// <param name="Blocks">Channel blocks.</param>
/// <param name="Plane">The input, whose origin is the first pixel that the first tile reads, or the output.</param>
internal sealed record FourierPlanes(FourierGrid Grid, int Blocks, PlaneStrides Plane)
{
    public int Units => Grid.Tiles * Blocks;
}

/// <summary>What follows a convolution.</summary>
/// <param name="Residual">What is added; null if nothing is.</param>
/// <param name="Activation">What is applied; null if nothing is.</param>
internal sealed record FourierEpilogue(PlaneStrides? Residual, Activation? Activation);

/// <summary>Tiles of the input to their spectra, [bin][channel block][tile][part][lane].</summary>
internal sealed record FourierForwardPlan(Isa Isa, string Name, string Summary, FourierPlanes Input)
    : KernelPlan(FftAlgorithm.Id, Isa, Name, Summary, Input.Units)
{
    public override string Tile => FftAlgorithm.Describe(Input.Grid);
}

/// <summary>For each bin the product of the tiles' spectra and those of the filters, summed over the input channels; the bias starts the sum of bin 0.</summary>
internal sealed record FourierProductPlan(Isa Isa, string Name, string Summary, FourierGrid Grid)
    : KernelPlan(FftAlgorithm.Id, Isa, Name, Summary, Grid.Bins)
{
    /// <summary>Groups of channels that do not mix.</summary>
    public int Groups { get; init; }

    /// <summary>Input channels of a group.</summary>
    public int InChannels { get; init; }

    /// <summary>Vectors of output channels of a group.</summary>
    public int OutVectors { get; init; }

    /// <summary>Tiles whose sums are in registers together.</summary>
    public Cut Register { get; init; }

    public int InBlocks => (InChannels + Grid.Lanes - 1) / Grid.Lanes;

    /// <summary>Bytes of the weights of a bin for one vector of output channels.</summary>
    public int VectorWeightBytes => InChannels * Grid.ComplexBytes;

    public int BinWeightBytes => Groups * OutVectors * VectorWeightBytes;

    /// <summary>Bytes of the biases, which lie before the weights.</summary>
    public int BiasBytes => (int)Alignment.Up((long)Groups * OutVectors * Grid.VectorBytes);

    public long WeightBytes => BiasBytes + Alignment.Up((long)Grid.Bins * BinWeightBytes);

    public override string Tile => $"{Register.Size} tiles";
}

/// <summary>Spectra of the output's tiles to the output.</summary>
internal sealed record FourierInversePlan(Isa Isa, string Name, string Summary, FourierPlanes Output, FourierEpilogue Epilogue)
    : KernelPlan(FftAlgorithm.Id, Isa, Name, Summary, Output.Units);

/// <summary>A depthwise convolution: forward, product and back for each tile of a block of channels by itself.</summary>
internal sealed record FourierDepthwisePlan(Isa Isa, string Name, string Summary, FourierPlanes Input, FourierPlanes Output, FourierEpilogue Epilogue)
    : KernelPlan(FftAlgorithm.Id, Isa, Name, Summary, Input.Units)
{
    /// <summary>Bytes of the biases, which lie before the weights.</summary>
    public int BiasBytes => (int)Alignment.Up((long)Input.Blocks * Input.Grid.VectorBytes);

    /// <summary>Bytes of the weights of a block.</summary>
    public int BlockWeightBytes => Input.Grid.Bins * Input.Grid.ComplexBytes;

    public long WeightBytes => BiasBytes + Alignment.Up((long)Input.Blocks * BlockWeightBytes);

    public override string Tile => FftAlgorithm.Describe(Input.Grid);
}

/// <summary>One axis of a filter in the Fourier domain.</summary>
/// <param name="Taps">Taps of the filter.</param>
/// <param name="Dilation">Pixels from tap to tap.</param>
/// <param name="Shift">Where the first tap stands, before the point 0.</param>
/// <param name="Size">Points of the transform.</param>
internal readonly record struct FourierTaps(int Taps, int Dilation, int Shift, int Size);

/// <summary>
/// Conjugate spectra of the filters over the points of the transform: biases, padded to whole vectors; at the next multiple of 64 bytes
/// [bin][vector of output channels][input channel of its group][part][lane], or for one channel a group [vector][bin][part][lane].
/// </summary>
internal sealed record FourierRecipe(ConvWeights Tensors, int Groups, int OutChannels, int InChannels, FourierTaps Rows, FourierTaps Columns, int Lanes, bool Depthwise, long Bytes)
    : PackRecipe(Bytes);
