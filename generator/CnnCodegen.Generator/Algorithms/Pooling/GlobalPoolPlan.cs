using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Pooling;

/// <summary>One value from each channel's plane: strides and offsets in bytes, everything else in pixels.</summary>
internal sealed record GlobalPoolPlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(GlobalPoolAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    /// <summary>Independent partial results, enough to hide the latency of an addition.</summary>
    public const int Accumulators = 8;

    public PoolKind Function { get; init; }

    /// <summary>A plane without a border is one long row.</summary>
    public int Rows { get; init; }

    public int Columns { get; init; }

    public PlaneStrides Input { get; init; } = null!;

    public PlaneStrides Output { get; init; } = null!;

    public override string Tile => $"{Math.Min(Accumulators, Columns)} pixels";
}
