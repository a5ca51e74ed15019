using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>
/// The seven products of halves. A unit is one register tile of each half of the output channels over a band of each half of the pixels, as far
/// as <see cref="DirectPlan.Bands"/> of the product says; offsets in bytes.
/// </summary>
internal sealed record StrassenPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(StrassenAlgorithm.Id, Isa, Name, Summary, Units)
{
    /// <summary>Products that are computed.</summary>
    public const int Products = 7;

    /// <summary>Products that add up in an output, at most.</summary>
    public const int LongestChain = 4;

    /// <summary>One product: half the input channels, half the pixels, and the output channels of all seven products, each half of the layer's.</summary>
    public DirectPlan Product { get; init; } = null!;

    /// <summary>Where the sums lie.</summary>
    public SumLayout Sums { get; init; } = null!;

    /// <summary>From the first half of the pixels to the second, in the output and in the residual.</summary>
    public int OutputHalf { get; init; }

    public int ResidualHalf { get; init; }

    public override string Tile => Product.Register.Describe();

    /// <summary>Vectors of half the output channels, and register tiles of them.</summary>
    public int HalfVectors => Product.OutVectors / Products;

    public int Tiles => Product.VectorGroups / Products;
}

/// <summary>The four sums of the input's halves. A unit is a channel block of one half.</summary>
internal sealed record StrassenSumsPlan(Isa Isa, string Name, string Summary, int Units) : KernelPlan(StrassenAlgorithm.Id, Isa, Name, Summary, Units)
{
    public int Images { get; init; }

    /// <summary>Distances in the input; the origin is the first pixel that a window reads.</summary>
    public PlaneStrides Input { get; init; } = null!;

    public SumLayout Sums { get; init; } = null!;
}

/// <summary>The halves of the input, and their sums as [image][sum][channel block][pixel][lane], with the input's distances between pixels; in bytes.</summary>
/// <param name="Blocks">Channel blocks of one half.</param>
/// <param name="Half">From the first half of the pixels to the second in the input.</param>
/// <param name="ReadBytes">What half the pixels read of a channel block.</param>
internal sealed record SumLayout(int Blocks, int Half, int ReadBytes)
{
    /// <summary>Sums of the input's halves.</summary>
    public const int Count = 4;

    /// <summary>Distances between channel blocks, sums and images.</summary>
    public int BlockBytes => (int)Alignment.Up(ReadBytes);

    public long SumBytes => (long)Blocks * BlockBytes;

    public long ImageBytes => Count * SumBytes;
}

/// <summary>
/// Weights of the seven products in the order of <paramref name="Order"/>, which has a register tile of output channels for each product before the
/// next register tile of the layer's halves. With A the weights of the halves of output and input channels:
/// A11, A12, A21 + A22 - A11, A11 - A21, -A22, A21 + A22, A12 - A21 - A22 + A11.
/// </summary>
internal sealed record StrassenRecipe(DirectRecipe Order, int OutChannels, int InChannels) : PackRecipe(Order.Bytes);
