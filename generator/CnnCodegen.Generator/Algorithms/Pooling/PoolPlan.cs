using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Pooling;

/// <summary>Pooling of blocked planes: strides and offsets in bytes, everything else in pixels.</summary>
internal sealed record PoolPlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(PoolAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    /// <summary>Taps up to which the interior's windows are written out; larger ones are loops.</summary>
    private const int MaxUnrolledTaps = 32;

    public PoolKind Function { get; init; }

    public PlaneWindow Window { get; init; } = null!;

    /// <summary>An average divides by the pixels inside the padded input instead of those inside the input.</summary>
    public bool CountIncludePad { get; init; }

    public int InH { get; init; }

    public int InW { get; init; }

    public int OutH { get; init; }

    public int OutW { get; init; }

    public PlaneStrides Input { get; init; } = null!;

    public PlaneStrides Output { get; init; } = null!;

    /// <summary>Output columns of the interior that are computed together.</summary>
    public Cut Columns { get; init; }

    /// <summary>The outputs whose windows lie inside the input.</summary>
    public (int First, int End) InnerRows => Window.Rows.Interior(InH, OutH);

    public (int First, int End) InnerColumns => Window.Columns.Interior(InW, OutW);

    public bool HasInterior => InnerRows.End > InnerRows.First && InnerColumns.End > InnerColumns.First;

    public bool Unrolled => Window.Taps <= MaxUnrolledTaps;

    public override string Tile => HasInterior ? $"{Columns.Size} pixels" : "";
}
