using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Upsample;

/// <summary>Resizes rows and columns of channel blocks, nearest or bilinear; where each pixel comes from is a table of literals.</summary>
internal sealed class UpsampleAlgorithm : IAlgorithm
{
    public const string Id = "upsample";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Resize;

    public Claim Claim(LayerContext layer)
    {
        Resize resize = (Resize)layer.Layer;
        TensorShape x = layer.InputShapes[0];
        if (x.Rank is < 3 or > 4) return Algorithms.Claim.Decline($"rank {x.Rank}");
        if (!IsUnchanged(resize, x, 0) || !IsUnchanged(resize, x, 1)) return Algorithms.Claim.Decline("resizes batch or channels");
        return new Claimed(
            "one vector of channels for each pixel", [new Need(Form.Blocked)], Form.Blocked, InPlace: false,
            (views, output) => [new KernelCall(Plan(layer.Isa, resize, views[0], output))]);
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new UpsampleEmitter((UpsamplePlan)plan, writer).Emit();

    private static UpsamplePlan Plan(Isa isa, Resize resize, TensorView x, TensorView y)
    {
        int last = x.Shape.Rank - 1;
        string coordinates = resize.Coordinates.ToString() + (resize.Mode == ResizeMode.Nearest ? "_" + resize.Rounding : "");
        return new UpsamplePlan(
            isa,
            $"Resize_{resize.Mode}_{coordinates}_{x.C}x{x.H}x{x.W}_{y.H}x{y.W}",
            $"{resize.Mode} resize of {x.Shape} to {y.Shape}.",
            PlaneUnits.Of(x.N, x.Blocks, y.H, y.BlockBytes))
        {
            OutH = y.H,
            OutW = y.W,
            Input = PlaneStrides.Of(x),
            Output = PlaneStrides.Of(y),
            Rows = last == 3 ? Map(resize, x.Shape, 2) : new AxisMap([0], [], []),
            Columns = Map(resize, x.Shape, last),
        };
    }

    private static AxisMap Map(Resize resize, TensorShape x, int axis)
    {
        IEnumerable<int> outputs = Enumerable.Range(0, resize.Sizes[axis]);
        if (resize.Mode == ResizeMode.Nearest || IsUnchanged(resize, x, axis))
            return new AxisMap(outputs.Select(o => resize.Nearest(axis, o, x[axis])).ToEquatableArray(), [], []);
        (int Low, int High, float Fraction)[] pairs = outputs.Select(o => resize.Linear(axis, o, x[axis])).ToArray();
        return new AxisMap(
            pairs.Select(p => p.Low).ToEquatableArray(), pairs.Select(p => p.High).ToEquatableArray(), pairs.Select(p => p.Fraction).ToEquatableArray());
    }

    private static bool IsUnchanged(Resize resize, TensorShape x, int axis) => resize.Sizes[axis] == x[axis] && resize.Scales[axis] == 1;
}
