using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Int8Winograd;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Strassen;

/// <summary>
/// A 1x1 convolution of codes by seven products of halves: strides and offsets in bytes. The factors lie as [pixel][channel] in words of 16 bits,
/// sums as [pixel][vector] in 32 bits. A unit is a strip of pixels of an image by a part of the output channels.
/// </summary>
internal sealed record Int8StrassenPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(Int8StrassenAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Products that are computed, of as many factors made of the input, and buffers of sums.</summary>
    public const int Products = 7, Buffers = 3;

    public int Images { get; init; }

    /// <summary>The pixels of the plane, row by row, cut into strips.</summary>
    public Cut Strips { get; init; }

    /// <summary>Pixels of a row.</summary>
    public int Width { get; init; }

    /// <summary>Half the output channels in vectors, and the register tiles of them, cut into the parts that are units of their own.</summary>
    public int HalfVectors { get; init; }

    public Cut Parts { get; init; }

    /// <summary>One product: half the channels and half the pixels of a strip.</summary>
    public WordTile Words { get; init; } = null!;

    /// <summary>The input; a row and a column are those of one output pixel.</summary>
    public PlaneStrides Input { get; init; } = null!;

    public Int8Value Output { get; init; } = null!;

    /// <summary>What is added before the activation; null if nothing is.</summary>
    public Int8Value? Residual { get; init; }

    /// <summary>Applied to a result in floats; codes are bounded by their grid alone.</summary>
    public Activation? Activation { get; init; }

    public override string Tile => $"{(Strips.Count > 1 ? $"{Strips.Count} strips, " : "")}{Words.Pieces.Size} pixels x {Words.Vectors * Words.Lanes} channels";

    /// <summary>Pixels of half a strip; the second half of the last may have fewer.</summary>
    public int Half => Words.Pieces.Extent;

    /// <summary>Register tiles of half the output channels.</summary>
    public int Tiles => HalfVectors / Words.Vectors;

    /// <summary>Input channels of which a factor is made at once.</summary>
    public int SumChannels => Words.Lanes * 2;

    /// <summary>From a factor to the next: an odd number of cache lines, so that their pixels fall into different sets of a cache.</summary>
    public int FactorBytes => checked((int)(Alignment.Up((long)Half * Words.RowBytes) | Alignment.Bytes));

    /// <summary>Bytes of all factors of a strip; the buffers of sums follow.</summary>
    public int InBytes => Products * FactorBytes;

    public int BufferBytes => Half * Words.SumBytes;

    /// <summary>Bytes of the start values of all sums; as many of their scales and of their biases follow, then the weights.</summary>
    public int TableBytes => (int)Alignment.Up(2L * HalfVectors * Words.VectorBytes);

    public long WeightBytes => (3L * TableBytes) + ((long)Tiles * Products * Words.ChunkBytes);
}

/// <summary>
/// Weights as the kernel reads them: for each output channel the start of its sum (minus the zero of the input times its weights), its factor and its
/// bias in units of the output; then, in words of 16 bits, for each register tile of half the output channels those of the seven products as
/// [input channels / n][vector][lane][n], where n is what one dot product takes. With A the weights of the halves of output and input channels:
/// A11, A12, A21 + A22 - A11, A11 - A21, -A22, A21 + A22, A12 - A21 - A22 + A11.
/// </summary>
/// <param name="Codes">The layer's tensors and what their codes mean.</param>
/// <param name="TileChannels">Output channels of a register tile.</param>
/// <param name="Dot">Input channels that one dot product takes.</param>
internal sealed record Int8StrassenRecipe(Int8Tensors Codes, int OutChannels, int InChannels, int TileChannels, int Dot, long Bytes) : PackRecipe(Bytes);
