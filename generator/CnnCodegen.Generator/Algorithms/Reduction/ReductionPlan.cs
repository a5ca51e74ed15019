using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reduction;

/// <summary>Planes of <see cref="Count"/> rows of <see cref="Inner"/> elements to one row each; a band of a plane is some of its row's tiles.</summary>
internal sealed record ReductionPlan(Isa Isa, string Name, string Summary, PlaneUnits Planes)
    : KernelPlan(ReductionAlgorithm.Id, Isa, Name, Summary, Planes.Count)
{
    /// <summary>Sums side by side, enough to hide the latency of an addition.</summary>
    public const int Accumulators = 8;

    public int Count { get; init; }

    public int Inner { get; init; }

    /// <summary>Vectors of a tile.</summary>
    public int Vectors { get; init; }

    public override string Tile => $"{Vectors} vectors";
}
