using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>A convolution of codes (a linear layer is one whose kernel is the image): strides and offsets in bytes of the codes.</summary>
internal sealed record Int8Plan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(Int8Algorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Bytes of a run that are written out in the innermost loop.</summary>
    private const int MaxStep = 32;

    public int Images { get; init; } = 1;

    /// <summary>Groups of channels that do not mix, and the bytes of one of them in a pixel.</summary>
    public int Groups { get; init; } = 1;

    public int GroupBytes { get; init; }

    /// <summary>Runs of bytes that lie together under a window: rows and columns of runs, and the bytes of one.</summary>
    public int RunRows { get; init; }

    public int RunColumns { get; init; }

    public int RunBytes { get; init; }

    /// <summary>Distances from a run to the one below and to the one on its right.</summary>
    public int TapRow { get; init; }

    public int TapColumn { get; init; }

    /// <summary>Bytes from the first to behind the last that a window reaches.</summary>
    public int WindowBytes { get; init; }

    /// <summary>Vectors of output channels.</summary>
    public int OutVectors { get; init; }

    /// <summary>For each dot product that the CPU may have, the first it knows counts; all have as many bands and parts.</summary>
    public EquatableArray<Tiling> Tilings { get; init; }

    /// <summary>The input; a row and a column are those of one output pixel, the origin is the first pixel's first tap.</summary>
    public PlaneStrides Input { get; init; } = null!;

    public Int8Value Output { get; init; } = null!;

    /// <summary>What is added before the activation; null if nothing is.</summary>
    public Int8Value? Residual { get; init; }

    /// <summary>Applied to a result in floats; codes are bounded by their grid alone.</summary>
    public Activation? Activation { get; init; }

    public override string Tile => Tilings[Tilings.Count - 1].Describe(Lanes);

    /// <summary>Output channels of a vector of sums: 256 bits on every CPU with AVX2, since the dot products of bytes have no wider form.</summary>
    public int Lanes => LanesOf(Isa);

    /// <summary>Bytes of a vector of sums.</summary>
    public int VectorBytes => Lanes * 4;

    /// <summary>Bytes of the run in one iteration of the innermost loop.</summary>
    public int Step => StepOf(RunBytes);

    /// <summary>Bytes of the weights of one vector of output channels.</summary>
    public int VectorWeights => RunRows * RunColumns * RunBytes * Lanes * Tilings[0].Dot.WeightBytes;

    /// <summary>Bytes of the start values of all sums; as many of their scales and of their biases follow, then the weights.</summary>
    public int TableBytes => (int)Alignment.Up((long)OutVectors * VectorBytes);

    public long WeightBytes => (3L * TableBytes) + Alignment.Up((long)OutVectors * VectorWeights);

    /// <summary>The last vector of output channels has no more than half of its bytes in a pixel.</summary>
    public bool HalfTail => Output.HasHalfTail(Lanes);

    /// <summary>Each tile brings a part of the next weights closer; not where the weights are used once.</summary>
    public bool Prefetches(Tiling tiling) => Isa != Isa.Portable && OutVectors > tiling.Vectors && tiling.Rows.Size * tiling.Columns.Size > 1;

    /// <summary>Cache lines of weights that each tile brings closer.</summary>
    public int PrefetchLines(Tiling tiling) => ((tiling.Vectors * VectorWeights / Alignment.Bytes) + tiling.TilesPerBand - 1) / tiling.TilesPerBand;

    /// <summary>The most whole words of codes that are written out at once and divide so many bytes of them.</summary>
    public static int StepOf(int bytes) => Enumerable.Range(1, MaxStep / 4).Select(i => i * 4).Last(step => bytes % step == 0);

    public static int LanesOf(Isa isa) => Math.Min(isa.Lanes(), Isa.Avx2.Lanes());
}

/// <summary>How the outputs are cut for one kind of dot product.</summary>
/// <param name="Dot">The dot product.</param>
/// <param name="Rows">The register tile: output rows.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="Vectors">Its vectors of output channels.</param>
/// <param name="Bands">Bands of the plane, in rows of tiles, or in tiles where there is one row of them.</param>
/// <param name="Parts">Parts of the output channels, which are units of their own, in tiles of vectors.</param>
internal sealed record Tiling(Dot Dot, Cut Rows, Cut Columns, int Vectors, Cut Bands, Cut Parts)
{
    /// <summary>A band is a range of rows of tiles; otherwise of the tiles of the only row.</summary>
    public bool BandsOfRows => Rows.Count > 1;

    /// <summary>What bands are cut from.</summary>
    public int Steps => BandsOfRows ? Rows.Count : Columns.Count;

    /// <summary>Tiles of a whole band.</summary>
    public int TilesPerBand => BandsOfRows ? Bands.Size * Columns.Count : Bands.Size;

    public string Describe(int lanes) =>
        $"{(Rows.Size == 1 ? "" : Rows.Size + "x")}{Columns.Size} {(Rows.Size * Columns.Size == 1 ? "pixel" : "pixels")} x {Vectors * lanes} channels";
}

/// <summary>An operand of the epilogue: codes, or floats in channel blocks.</summary>
/// <param name="Strides">Its distances in bytes.</param>
/// <param name="Channels">Its channels.</param>
/// <param name="Block">Channels of a block of floats.</param>
/// <param name="Grid">What its codes mean; null for floats.</param>
internal sealed record Int8Value(PlaneStrides Strides, int Channels, int Block, CodeGrid? Grid)
{
    public static Int8Value Of(TensorView view, CodeGrid? grid) => new(PlaneStrides.Of(view), view.C, view.Block, view.Form == Form.Codes ? grid : null);

    /// <summary>Vectors of sums that it takes as the output.</summary>
    public int Vectors(int lanes) => Grid is null ? (Channels + Block - 1) / Block * (Block / lanes) : (Channels + lanes - 1) / lanes;

    /// <summary>Its last vector of output channels has no more than half of its bytes in a pixel.</summary>
    public bool HasHalfTail(int lanes) => lanes == 8 && Grid is not null && Channels % lanes is > 0 and <= 4;

    /// <summary>What results are counted in: the scale of codes.</summary>
    public double Unit => Grid?.Step ?? 1;

    /// <summary>What the zero of a residual's codes adds to a result, in units of the <paramref name="output"/>.</summary>
    public float Shift(Int8Value output) => Grid is null ? 0 : (float)(Grid.Low * Grid.Step / output.Unit);

    /// <summary>Bytes from a vector of output channels to the next one, in which a block of floats does not end: an odd one.</summary>
    public int VectorStep(int lanes) => Grid is not null ? lanes : Block == lanes ? Strides.Block : lanes * 4;

    /// <summary>The text of the offset of a vector of output channels.</summary>
    public string VectorOffset(string vector, int lanes) => Grid is not null ? $"({vector} * {lanes})"
        : Block == lanes ? $"({vector} * {Strides.Block}L)"
        : $"({vector} / {Block / lanes} * {Strides.Block}L) + ({vector} % {Block / lanes} * {lanes * 4})";
}

/// <summary>
/// Weights as the integer kernel reads them: for each output channel where its sum starts (minus the zero of the input times its weights),
/// its factor and its bias in units of the output; then the codes as [vector of output channels][tap][input channels / n][lane][n], where n
/// is what one dot product takes: 4 with VNNI, 2 with AVX2, otherwise 1.
/// </summary>
/// <param name="Codes">The layer's tensors and what their codes mean.</param>
internal sealed record Int8Recipe(Int8Tensors Codes, int Groups, int OutChannels, int InChannels, int Taps, int Lanes, int OutVectors, long Bytes)
    : PackRecipe(Bytes)
{
    /// <summary>The dot products the kernel may take.</summary>
    public IReadOnlyList<Dot> Dots => Dot.Of(Lanes == Target.Lanes(Isa.Avx2) ? Isa.Avx2 : Isa.Portable, Codes.Weights);
}

/// <summary>The tensors of an integer layer and what its codes mean.</summary>
/// <param name="Tensors">The layer's tensors.</param>
/// <param name="Weights">What the codes of the weights are.</param>
/// <param name="Input">What the codes of the input mean.</param>
/// <param name="OutputScale">The unit of the results.</param>
/// <param name="Shift">What is added to every bias, in units of the output.</param>
internal sealed record Int8Tensors(ConvWeights Tensors, WeightCodes Weights, CodeGrid Input, double OutputScale, float Shift)
{
    /// <param name="node">The layer.</param>
    /// <param name="bias">Whether it has biases.</param>
    /// <param name="input">What the codes of its input mean.</param>
    /// <param name="output">Its results.</param>
    /// <param name="residual">What is added to them; null if nothing is.</param>
    public static Int8Tensors Of(Node node, bool bias, CodeGrid input, Int8Value output, Int8Value? residual) =>
        new(ConvWeights.Of(node, bias), ((WeightedLayer)node.Layer).Refinement!.Codes!.Of(node.Name), input, output.Unit, residual?.Shift(output) ?? 0);
}
