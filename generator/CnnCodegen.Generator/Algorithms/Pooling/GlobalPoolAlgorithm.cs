using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Pooling;

/// <summary>Global maximum and average pooling over channel blocks.</summary>
internal sealed class GlobalPoolAlgorithm : IAlgorithm
{
    public const string Id = "global pool";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is GlobalPool;

    public Claim Claim(LayerContext layer)
    {
        GlobalPool pool = (GlobalPool)layer.Layer;
        if (layer.Node.Shape.Rank > 4) return Algorithms.Claim.Decline("3-D pooling");
        return new Claimed(
            "one vector of channels for each pixel", [new Need(Form.Blocked)], Form.Blocked, InPlace: false,
            (views, output) => [new KernelCall(Plan(layer.Isa, pool, views[0], output))]);
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new GlobalPoolEmitter((GlobalPoolPlan)plan, writer).Emit();

    private static GlobalPoolPlan Plan(Isa isa, GlobalPool pool, TensorView x, TensorView y) => new(
        isa,
        $"Global{pool.Function}Pool_{x.C}x{x.H}x{x.W}",
        $"{(pool.Function == PoolKind.Max ? "Maximum" : "Mean")} of each channel's plane, {x.Shape} to {y.Shape}.",
        new PlaneUnits(x.N, x.Blocks, Cut.Evenly(1, 1)))
    {
        Function = pool.Function,
        Rows = x.Border.IsEmpty ? 1 : x.H,
        Columns = x.Border.IsEmpty ? x.H * x.W : x.W,
        Input = PlaneStrides.Of(x),
        Output = PlaneStrides.Of(y),
    };
}
