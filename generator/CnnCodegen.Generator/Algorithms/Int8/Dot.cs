using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>A way to multiply codes with weights and add the products to 32-bit sums, none of which can saturate.</summary>
/// <param name="Name">What its methods are called after.</param>
/// <param name="Channels">Input channels of one dot product.</param>
/// <param name="CodeBytes">Bytes of a code where it reads them.</param>
/// <param name="Check">Whether the CPU knows it; empty where every CPU of the instruction set does.</param>
/// <param name="MaxPixels">Pixels of a register tile of one vector, whose sums, weights and codes the registers hold.</param>
/// <param name="MaxPairPixels">Those of a tile of two vectors, where that is better: each code is loaded once for both; otherwise 0.</param>
internal sealed record Dot(string Name, int Channels, int CodeBytes, int MaxPixels, int MaxPairPixels = 0, string Check = "")
{
    /// <summary>Bytes by bytes, four at a time.</summary>
    public static Dot Vnni { get; } = new("Vnni", 4, 1, 14, Check: "AvxVnni.IsSupported");

    /// <summary>16 bits by 16 bits, two at a time, from a widened copy of the codes.</summary>
    public static Dot Wide { get; } = new("Wide", 2, 2, 14, 6);

    /// <summary>One by one.</summary>
    public static Dot Single { get; } = new("Single", 1, 1, 8);

    /// <summary>Those an instruction set may have; the kernel takes the first that the CPU knows.</summary>
    public static IReadOnlyList<Dot> Of(Isa isa) => isa == Isa.Portable ? [Single] : [Vnni, Wide];

    /// <summary>The weights of as many channels for every lane.</summary>
    public string Weights(string pointer) => this == Vnni ? $"*(Vector256<sbyte>*)({pointer})"
        : this == Wide ? $"Avx2.ConvertToVector256Int16((sbyte*)({pointer}))"
        : $"Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)({pointer})).AsSByte()))";

    public string WeightType => this == Vnni ? "Vector256<sbyte>" : this == Wide ? "Vector256<short>" : "Vector128<int>";

    /// <summary>The same number of codes of one pixel for every lane.</summary>
    public string Codes(string pointer) => this == Vnni ? $"Vector256.Create(*(int*)({pointer})).AsByte()"
        : this == Wide ? $"Vector256.Create(*(int*)({pointer})).AsInt16()"
        : $"Vector128.Create((int)*({pointer}))";

    public string CodeType => this == Vnni ? "Vector256<byte>" : this == Wide ? "Vector256<short>" : "Vector128<int>";

    /// <summary>The products of codes and weights, where an instruction of its own adds them to the sums; otherwise null.</summary>
    public string? Product(string codes, string weights) => this == Wide ? $"Avx2.MultiplyAddAdjacent({codes}, {weights})" : null;

    /// <summary>The sums with the products of codes and weights.</summary>
    public string MultiplyAdd(string sums, string codes, string weights) => this == Vnni
        ? $"AvxVnni.MultiplyWideningAndAdd({sums}, {codes}, {weights})"
        : $"{sums} + {Product(codes, weights) ?? $"({codes} * {weights})"}";
}
