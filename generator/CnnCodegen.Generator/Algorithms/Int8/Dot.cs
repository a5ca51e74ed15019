using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>A way to multiply codes with weights and add the products to 32-bit sums, none of which can saturate.</summary>
/// <param name="Name">What its methods are called after.</param>
/// <param name="Channels">Input channels of one dot product.</param>
/// <param name="CodeBytes">Bytes of a code where it reads them.</param>
/// <param name="WeightBytes">Bytes of a weight's code.</param>
/// <param name="Check">Whether the CPU knows it; empty where every CPU of the instruction set does.</param>
/// <param name="MaxPixels">Pixels of a register tile of one vector, whose sums, weights and codes the registers hold.</param>
/// <param name="MaxPairPixels">Those of a tile of two vectors, where that is better: each code is loaded once for both; otherwise 0.</param>
internal sealed record Dot(string Name, int Channels, int CodeBytes, int MaxPixels, int MaxPairPixels = 0, int WeightBytes = 1, string Check = "")
{
    /// <summary>Bytes by bytes, four at a time.</summary>
    public static Dot Vnni { get; } = new("Vnni", 4, 1, 14, Check: "AvxVnni.IsSupported");

    /// <summary>16 bits by 16 bits, two at a time, from a widened copy of the codes.</summary>
    public static Dot Wide { get; } = new("Wide", 2, 2, 14, 6);

    /// <summary>One by one.</summary>
    public static Dot Single { get; } = new("Single", 1, 1, 8);

    /// <summary>Those an instruction set may have; the kernel takes the first that the CPU knows. Codes that fit no byte take 16 bits, which VNNI cannot multiply by bytes.</summary>
    public static IReadOnlyList<Dot> Of(Isa isa, WeightCodes weights) => (isa, weights.FitBytes) switch
    {
        (Isa.Portable, true) => [Single],
        (Isa.Portable, false) => [Single with { WeightBytes = sizeof(short) }],
        (_, true) => [Vnni, Wide],
        (_, false) => [Wide with { WeightBytes = sizeof(short) }],
    };

    /// <summary>The weights of as many channels for every lane.</summary>
    public string Weights(string pointer) => (Channels, WeightBytes) switch
    {
        (4, _) => $"*(Vector256<sbyte>*)({pointer})",
        (2, 1) => $"Avx2.ConvertToVector256Int16((sbyte*)({pointer}))",
        (2, _) => $"*(Vector256<short>*)({pointer})",
        (_, 1) => $"Vector128.WidenLower(Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(int*)({pointer})).AsSByte()))",
        _ => $"Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)({pointer})).AsInt16())",
    };

    public string WeightType => Channels switch { 4 => "Vector256<sbyte>", 2 => "Vector256<short>", _ => "Vector128<int>" };

    /// <summary>The same number of codes of one pixel for every lane.</summary>
    public string Codes(string pointer) => Channels switch
    {
        4 => $"Vector256.Create(*(int*)({pointer})).AsByte()",
        2 => $"Vector256.Create(*(int*)({pointer})).AsInt16()",
        _ => $"Vector128.Create((int)*({pointer}))",
    };

    public string CodeType => Channels switch { 4 => "Vector256<byte>", 2 => "Vector256<short>", _ => "Vector128<int>" };

    /// <summary>The products of codes and weights, where an instruction of its own adds them to the sums; otherwise null.</summary>
    public string? Product(string codes, string weights) => Channels == 2 ? $"Avx2.MultiplyAddAdjacent({codes}, {weights})" : null;

    /// <summary>The sums with the products of codes and weights.</summary>
    public string MultiplyAdd(string sums, string codes, string weights) => Channels == 4
        ? $"AvxVnni.MultiplyWideningAndAdd({sums}, {codes}, {weights})"
        : $"{sums} + {Product(codes, weights) ?? $"({codes} * {weights})"}";
}
