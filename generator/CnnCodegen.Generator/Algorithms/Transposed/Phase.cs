using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Transposed;

/// <summary>
/// The outputs Index, Index + stride, ... along one axis of a transposed convolution. The same taps reach each of them, and together
/// they are an ordinary convolution of stride 1.
/// </summary>
/// <param name="Index">The first output.</param>
/// <param name="Count">How many outputs.</param>
/// <param name="Taps">The kernel's taps that reach them, in the order of the input pixels they weigh.</param>
/// <param name="Start">The input pixel of the first output's first tap; may be outside the input.</param>
/// <param name="Step">Input pixels from a tap to the next.</param>
internal sealed record Phase(int Index, int Count, EquatableArray<int> Taps, int Start, int Step)
{
    /// <summary>The pixel behind the last that is read.</summary>
    public int End => Start + Count + ((Taps.Count - 1) * Step);

    /// <summary>The phases that have outputs; one may be without taps.</summary>
    public static IReadOnlyList<Phase> Of(WindowAxis axis, int outputs) => Enumerable.Range(0, Math.Min(axis.Stride, outputs)).Select(index =>
    {
        // Tap t of output o weighs the input pixel i with i * stride + t * dilation = o + padding.
        int at(int tap) => index + axis.PadBegin - (tap * axis.Dilation);
        int[] taps = Enumerable.Range(0, axis.Kernel).Reverse().Where(tap => at(tap) % axis.Stride == 0).ToArray();
        int start = taps.Length > 0 ? at(taps[0]) / axis.Stride : 0;
        int step = taps.Length > 1 ? (at(taps[1]) / axis.Stride) - start : 1;
        return new Phase(index, (outputs - index + axis.Stride - 1) / axis.Stride, taps.ToEquatableArray(), start, step);
    }).ToArray();
}
