using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Depthwise;

/// <summary>A depthwise convolution of codes: strides and offsets in bytes, everything else in elements.</summary>
internal sealed record Int8DepthwisePlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(Int8DepthwiseAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    public int KernelH { get; init; }

    public int KernelW { get; init; }

    /// <summary>Output columns whose sums are written out one behind the other.</summary>
    public Cut Columns { get; init; }

    /// <summary>Vectors of channels; the last of codes ends with the pixel and may overlap the one before.</summary>
    public int Vectors { get; init; }

    /// <summary>The first channel of the last vector.</summary>
    public int LastChannel { get; init; }

    /// <summary>The input; a row and a column are those of one output pixel, the origin is the first pixel's first tap.</summary>
    public PlaneStrides Input { get; init; } = null!;

    /// <summary>Distances from a kernel row and a kernel column to the next.</summary>
    public int TapRow { get; init; }

    public int TapColumn { get; init; }

    public Int8Value Output { get; init; } = null!;

    /// <summary>What is added before the activation; null if nothing is.</summary>
    public Int8Value? Residual { get; init; }

    /// <summary>Applied to a result in floats; codes are bounded by their grid alone.</summary>
    public Activation? Activation { get; init; }

    public override string Tile => $"{Columns.Size} pixels, {DotRowsOf(Isa)} kernel {(DotRowsOf(Isa) == 1 ? "row" : "rows")} a product";

    public int Lanes => Int8Plan.LanesOf(Isa);

    /// <summary>Bytes of a vector of sums, and of the weights of a product.</summary>
    public int VectorBytes => Lanes * 4;

    /// <summary>Kernel rows of a column that one product takes: two with AVX2.</summary>
    public int DotRows => DotRowsOf(Isa);

    /// <summary>Products of a kernel column; the last may be of one row only.</summary>
    public int ColumnProducts => (KernelH + DotRows - 1) / DotRows;

    /// <summary>Bytes of the start values of all sums; as many of their scales and of their biases follow, then the weights.</summary>
    public int TableBytes => (int)Alignment.Up((long)Vectors * VectorBytes);

    /// <summary>Bytes of the weights of a vector of channels.</summary>
    public int VectorWeights => KernelW * ColumnProducts * VectorBytes;

    public long WeightBytes => (3L * TableBytes) + Alignment.Up((long)Vectors * VectorWeights);

    public static int DotRowsOf(Isa isa) => isa == Isa.Portable ? 1 : 2;
}

/// <summary>
/// Weights as the integer depthwise kernel reads them: for each channel where its sum starts (minus the zero of the input times its weights),
/// its factor and its bias in units of the output; then the codes as [vector of channels][kernel column][kernel rows / n][lane][n], where n is
/// the kernel rows of a product, each code in the n-th part of 32 bits.
/// </summary>
/// <param name="Codes">The layer's tensors and what their codes mean.</param>
internal sealed record Int8DepthwiseRecipe(
    Int8Tensors Codes, int Channels, int KernelRows, int KernelColumns, int DotRows, int Lanes, int Vectors, int LastChannel, long Bytes)
    : PackRecipe(Bytes);
