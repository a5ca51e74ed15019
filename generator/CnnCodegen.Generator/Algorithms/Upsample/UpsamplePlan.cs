using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Upsample;

/// <summary>Resizing of the rows and columns of blocked planes: strides and offsets in bytes, everything else in pixels.</summary>
internal sealed record UpsamplePlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(UpsampleAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    public int OutH { get; init; }

    public int OutW { get; init; }

    public PlaneStrides Input { get; init; } = null!;

    public PlaneStrides Output { get; init; } = null!;

    public AxisMap Rows { get; init; } = null!;

    public AxisMap Columns { get; init; } = null!;
}

/// <summary>
/// Where the output pixels of one axis come from: pixel Low, mixed with High by Fractions where there are any.
/// </summary>
internal sealed record AxisMap(EquatableArray<int> Low, EquatableArray<int> High, EquatableArray<float> Fractions)
{
    public bool Mixes => Fractions.Count > 0;

    public bool IsIdentity => !Mixes && Low.Select((pixel, i) => pixel == i).All(same => same);
}
