using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>A way to multiply words of 16 bits and add the products to 32-bit sums.</summary>
/// <param name="Name">What its methods are called after.</param>
/// <param name="Channels">Input channels of one dot product.</param>
/// <param name="Type">The vectors that are multiplied.</param>
/// <param name="Check">Whether the CPU knows it; empty where every CPU of the instruction set does.</param>
internal sealed record WordDot(string Name, int Channels, string Type, string Check = "")
{
    /// <summary>Two at a time, and the addition with them.</summary>
    private static WordDot Vnni { get; } = new("Vnni", 2, "Vector256<short>", "AvxVnni.IsSupported");

    /// <summary>Two at a time.</summary>
    private static WordDot Pairs { get; } = new("Pairs", 2, "Vector256<short>");

    /// <summary>One by one.</summary>
    private static WordDot Single { get; } = new("Single", 1, "Vector128<int>");

    /// <summary>Those an instruction set may have, all of as many channels; the kernel takes the first that the CPU knows.</summary>
    public static IReadOnlyList<WordDot> Of(Isa isa) => isa == Isa.Portable ? [Single] : [Vnni, Pairs];

    /// <summary>The transformed weights of as many channels for every lane.</summary>
    public string Weights(string pointer) => this == Single
        ? $"Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(long*)({pointer})).AsInt16())"
        : $"*(Vector256<short>*)({pointer})";

    /// <summary>The same number of channels of one transformed tile for every lane.</summary>
    public string Inputs(string pointer) => this == Single ? $"Vector128.Create((int)*(short*)({pointer}))" : $"Vector256.Create(*(int*)({pointer})).AsInt16()";

    /// <summary>The products of inputs and weights, where an instruction of its own adds them to the sums; otherwise null.</summary>
    public string? Product(string inputs, string weights) => this == Pairs ? $"Avx2.MultiplyAddAdjacent({inputs}, {weights})" : null;

    /// <summary>The sums with the products of inputs and weights.</summary>
    public string MultiplyAdd(string sums, string inputs, string weights) =>
        this == Vnni ? $"AvxVnni.MultiplyWideningAndAdd({sums}, {inputs}, {weights})" : $"{sums} + {Product(inputs, weights) ?? $"({inputs} * {weights})"}";
}
