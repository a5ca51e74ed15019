using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Reduction;

/// <summary>The mean over dimensions that lie together, in vectors of what lies behind them.</summary>
internal sealed class ReductionAlgorithm : IAlgorithm
{
    public const string Id = "reduction";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is ReduceMean;

    public Claim Claim(LayerContext layer)
    {
        int[] axes = [.. ((ReduceMean)layer.Layer).Axes];
        TensorShape x = layer.InputShapes[0];
        int first = axes[0], behind = axes[axes.Length - 1] + 1;
        if (behind - first != axes.Length) return Algorithms.Claim.Decline("dimensions between those of the mean stay");
        int inner = Product(x, behind, x.Rank);
        if (inner < layer.Isa.Lanes()) return Algorithms.Claim.Decline($"{inner} elements behind the dimensions are less than a vector");
        return new Claimed("vectors of what lies behind the dimensions", [new Need(Form.Dense)], Form.Dense, InPlace: false, (_, _) =>
            [new KernelCall(Plan(layer.Isa, x, Product(x, 0, first), Product(x, first, behind), inner))]);
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new ReductionEmitter((ReductionPlan)plan, writer).Emit();

    private static ReductionPlan Plan(Isa isa, TensorShape x, int outer, int count, int inner)
    {
        int vectors = Math.Min(ReductionPlan.Accumulators, inner / isa.Lanes()), tile = vectors * isa.Lanes(), tiles = (inner + tile - 1) / tile;
        PlaneUnits planes = PlaneUnits.Of(outer, 1, tiles, (long)count * inner * sizeof(float));
        return new ReductionPlan(isa, $"Mean_{outer}x{count}x{inner}", $"Mean of {count} rows of {inner} elements, of {x}.", planes) { Count = count, Inner = inner, Vectors = vectors };
    }

    private static int Product(TensorShape shape, int from, int to)
    {
        int product = 1;
        for (int axis = from; axis < to; axis++) product *= shape[axis];
        return product;
    }
}
