namespace CnnCodegen.Execution;

/// <summary>The digits of a layer of a few bits, for the kernel that adds planes of bits.</summary>
/// <param name="weightBits">Digits of a weight, each a sign.</param>
/// <param name="codeBits">Digits of an activation's code.</param>
/// <param name="countBits">Digits of a count but the last.</param>
/// <param name="planeBytes">Bytes from a plane to the next.</param>
public sealed class CodeDigits(int weightBits, int codeBits, int countBits, int planeBytes)
{
    internal int WeightBits => weightBits;

    /// <summary>The greatest code of so many bits.</summary>
    internal int GreatestCode => (1 << codeBits) - 1;

    /// <summary>Digits of a count.</summary>
    internal int Count => countBits + 1;

    /// <summary>Where the planes lie that are added.</summary>
    internal SlicedLayout Layout { get; } = new(0, 0, planeBytes, [], [], 1);
}
