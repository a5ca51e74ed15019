using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Loops;

/// <summary>One loop of a nest over several tensors at once.</summary>
/// <param name="Extent">Its iterations.</param>
/// <param name="Strides">The bytes that an iteration steps in each tensor; the output is the first.</param>
/// <param name="Map">Where steps are not even: the byte offset in tensor 1 of each iteration, -1 where there is no element.</param>
internal sealed record LoopAxis(int Extent, EquatableArray<int> Strides, EquatableArray<int> Map = default)
{
    public bool IsMapped => Map.Count > 0;

    /// <summary>Whether this loop around <paramref name="inner"/> is one loop.</summary>
    public bool Absorbs(LoopAxis inner) =>
        !IsMapped && !inner.IsMapped && Strides.Zip(inner.Strides, (outer, step) => outer == step * inner.Extent).All(same => same);

    /// <summary>Whether every tensor is contiguous along the loop.</summary>
    public bool IsContiguous => !IsMapped && Strides.All(s => s == sizeof(float));
}
