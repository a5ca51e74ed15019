using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Rows or columns of the input at the distance of the stride, which lie one after the other in a patch.</summary>
/// <param name="First">The first, counted from the first tap of the tile's first output.</param>
/// <param name="Count">How many there is room for.</param>
internal readonly record struct PatchRun(int First, int Count);

/// <summary>Where a tap of the kernel finds its first row or column: the run, and the place in it.</summary>
internal readonly record struct PatchTap(int Run, int Shift);

/// <summary>What a tile of outputs reads along one axis, in an order in which neighbouring outputs read neighbouring places.</summary>
internal sealed record PatchAxis(EquatableArray<PatchRun> Runs, EquatableArray<PatchTap> Taps)
{
    /// <summary>The most places that a tap lies behind the start of its run.</summary>
    public int MaxShift => Taps.Max(tap => tap.Shift);

    /// <summary>Rows or columns of all runs.</summary>
    public int Count => Runs.Sum(run => run.Count);

    /// <summary>Places before a run, where the runs follow each other.</summary>
    public int Start(int run) => Runs.Take(run).Sum(r => r.Count);

    /// <summary>One run for each phase of the stride, shared by the taps of that phase.</summary>
    public static PatchAxis Shared(WindowAxis axis, int outputs)
    {
        int[] taps = [.. Enumerable.Range(0, axis.Kernel).Select(tap => tap * axis.Dilation)];
        int[] phases = [.. taps.Select(tap => tap % axis.Stride).Distinct()];
        return new PatchAxis(
            phases.Select(phase => new PatchRun(phase, outputs + (taps.Where(tap => tap % axis.Stride == phase).Max() / axis.Stride))).ToEquatableArray(),
            taps.Select(tap => new PatchTap(Array.IndexOf(phases, tap % axis.Stride), tap / axis.Stride)).ToEquatableArray());
    }

    /// <summary>A run of its own for each tap, so that all of them begin at a vector.</summary>
    public static PatchAxis Separate(WindowAxis axis, int outputs) => new(
        Enumerable.Range(0, axis.Kernel).Select(tap => new PatchRun(tap * axis.Dilation, outputs)).ToEquatableArray(),
        Enumerable.Range(0, axis.Kernel).Select(tap => new PatchTap(tap, 0)).ToEquatableArray());
}
