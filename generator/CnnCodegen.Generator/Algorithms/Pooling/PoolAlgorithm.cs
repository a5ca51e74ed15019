using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Pooling;

/// <summary>Maximum and average pooling over channel blocks: windows inside the input without a test, those at its edge clipped.</summary>
internal sealed class PoolAlgorithm : IAlgorithm
{
    public const string Id = "pool";

    private const int UnrolledColumns = 4;
    private const int LoopedColumns = 8;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Pool;

    public Claim Claim(LayerContext layer)
    {
        Pool pool = (Pool)layer.Layer;
        if (pool.Window.Rank > 2) return Algorithms.Claim.Decline("3-D pooling");
        return new Claimed(
            "one vector of channels for each pixel", [new Need(Form.Blocked)], Form.Blocked, InPlace: false,
            (views, output) => [new KernelCall(Plan(layer.Isa, pool, views[0], output))]);
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new PoolEmitter((PoolPlan)plan, writer).Emit();

    private static PoolPlan Plan(Isa isa, Pool pool, TensorView x, TensorView y)
    {
        PlaneWindow window = PlaneWindow.Of(pool.Window);
        string name = $"{pool.Function}Pool_{window.Tag}P{window.Rows.PadBegin}x{window.Columns.PadBegin}_{x.C}x{x.H}x{x.W}";
        return Plan(isa, name, $"{pool.Function} pooling {pool.Window.Describe()}, {x.Shape} to {y.Shape}.", pool.Function, window, pool.CountIncludePad, x, y);
    }

    /// <summary>Copies every pixel that a stride reaches; the windows are single pixels.</summary>
    public static PoolPlan Subsample(Isa isa, PlaneWindow window, TensorView x, TensorView y)
    {
        (int rows, int columns) = (window.Rows.Stride, window.Columns.Stride);
        return Plan(
            isa, $"Subsample_S{rows}x{columns}_{x.C}x{x.H}x{x.W}", $"Every pixel at a stride of {rows} x {columns}, {x.Shape} to {y.Shape}.",
            PoolKind.Max, window, countIncludePad: false, x, y);
    }

    private static PoolPlan Plan(Isa isa, string name, string summary, PoolKind function, PlaneWindow window, bool countIncludePad, TensorView x, TensorView y)
    {
        PoolPlan plan = new(isa, name, summary, PlaneUnits.Of(x.N, x.Blocks, y.H, x.BlockBytes))
        {
            Function = function,
            Window = window,
            CountIncludePad = countIncludePad,
            InH = x.H,
            InW = x.W,
            OutH = y.H,
            OutW = y.W,
            Input = PlaneStrides.Of(x),
            Output = PlaneStrides.Of(y),
        };
        int interior = plan.InnerColumns.End - plan.InnerColumns.First;
        return plan.HasInterior ? plan with { Columns = Cut.Evenly(interior, plan.Unrolled ? UnrolledColumns : LoopedColumns) } : plan;
    }
}
