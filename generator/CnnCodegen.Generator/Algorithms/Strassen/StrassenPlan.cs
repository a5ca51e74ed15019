using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>A convolution by seven products of halves. A unit is a strip of rows by one register tile of each half of the output channels; offsets in bytes.</summary>
internal sealed record StrassenPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(StrassenAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Products that are computed.</summary>
    public const int Products = 7;

    /// <summary>Products that add up in an output, at most.</summary>
    public const int LongestChain = 4;

    /// <summary>One product: half the input channels, half a strip's pixels, and the output channels of all seven products, each half of the layer's.</summary>
    public DirectPlan Product { get; init; } = null!;

    /// <summary>Strips of rows; each has two halves.</summary>
    public int Strips { get; init; }

    /// <summary>From the first half of a strip's pixels to the second, in the input, in the output and in the residual.</summary>
    public int InputHalf { get; init; }

    public int OutputHalf { get; init; }

    public int ResidualHalf { get; init; }

    /// <summary>Bytes of a channel block of the input that half a strip reads, and between channel blocks of the sums.</summary>
    public int ReadBytes { get; init; }

    public int SumBlock { get; init; }

    public override string Tile => (Strips > 1 ? $"{Strips} strips, " : "") + Product.Register.Describe();

    /// <summary>Vectors of half the output channels, and register tiles of them.</summary>
    public int HalfVectors => Product.OutVectors / Products;

    public int Tiles => Product.VectorGroups / Products;

    /// <summary>Bytes of one of the four sums.</summary>
    public int SumBytes => Product.ChannelBlocks * SumBlock;
}

/// <summary>
/// Weights of the seven products in the order of <paramref name="Order"/>, which has a register tile of output channels for each product before the
/// next register tile of the layer's halves. With A the weights of the halves of output and input channels:
/// A11, A12, A21 + A22 - A11, A11 - A21, -A22, A21 + A22, A12 - A21 - A22 + A11.
/// </summary>
internal sealed record StrassenRecipe(DirectRecipe Order, int OutChannels, int InChannels) : PackRecipe(Order.Bytes);
