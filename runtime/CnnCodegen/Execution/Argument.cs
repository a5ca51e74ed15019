namespace CnnCodegen.Execution;

/// <summary>One input or output of a call: memory that is pinned until the call ends.</summary>
/// <param name="pointer">The first element.</param>
/// <param name="length">Number of elements.</param>
public readonly unsafe struct Argument(float* pointer, int length)
{
    /// <summary>The first element.</summary>
    public readonly float* Pointer = pointer;

    /// <summary>Number of elements.</summary>
    public readonly int Length = length;

    /// <summary>Whether the two have a byte in common.</summary>
    internal bool Overlaps(in Argument other) => Pointer < other.Pointer + other.Length && other.Pointer < Pointer + Length;
}
