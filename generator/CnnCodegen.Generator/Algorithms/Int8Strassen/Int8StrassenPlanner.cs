using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Int8Winograd;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Strassen;

/// <summary>Cuts the work of a layer into strips, parts of the output channels and register tiles, and with known views makes the call.</summary>
internal static class Int8StrassenPlanner
{
    /// <summary>What the factors of a strip and twice its results may fill of the second-level cache; measured.</summary>
    private const int CacheBudget = 400 * 1024;

    /// <summary>Units of work below which the output channels are cut into parts, so that threads have something to share.</summary>
    private const int WantedUnits = 4;

    /// <summary>Sums of a register tile of two vectors, which the registers hold with weights and inputs; two load each input once for both.</summary>
    private const int MaxPixels = 6;

    private const int Vectors = 2;

    /// <summary>All but the operands and the names.</summary>
    public static Int8StrassenPlan Shape(LayerContext layer, Conv conv)
    {
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        int channels = x[1] / 2, halfVectors = conv.OutChannels / 2 / Int8Plan.LanesOf(layer.Isa);
        int pixels = (int)(y.Elements / y[0] / y[1]), most = Math.Max(2 * MaxPixels, CacheBudget / ((Int8StrassenPlan.Products * channels) + (2 * y[1])));
        Cut strips = Cut.Evenly(pixels, most);
        Int8StrassenPlan plan = new(layer.Isa, "", "", 1)
        {
            Images = y[0],
            Strips = strips,
            HalfVectors = halfVectors,
            Words = new WordTile(layer.Isa, channels, Vectors, Cut.Evenly((strips.Size + 1) / 2, MaxPixels), Prefetches: false, Adds: true),
        };
        return plan with
        {
            Parts = Cut.Evenly(plan.Tiles, Cut.CeilingOver(plan.Tiles, Cut.CeilingOver(WantedUnits, y[0] * strips.Count))),
            Words = plan.Words with { Prefetches = WordTile.PrefetchPays(layer.Isa, plan.WeightBytes) },
        };
    }

    public static KernelCall Plan(Int8StrassenPlan shape, LayerContext layer, Conv conv, CodeGrid grid, IReadOnlyList<TensorView> views, TensorView y)
    {
        TensorView x = views[0];
        (WindowAxis rows, WindowAxis columns) = PlaneWindow.Of(conv.Window);
        Epilogue epilogue = layer.Node.Epilogue;
        Int8Value output = Int8Value.Of(y, layer.Grid);
        Int8Value? residual = epilogue.Residual ? Int8Value.Of(views[1], layer.InputCodes(1)) : null;
        bool oneRow = rows.Stride == 1 && columns.Stride == 1 && x.Border.IsEmpty && y.Border.IsEmpty && (residual is null || views[1].Border.IsEmpty);
        Int8StrassenPlan plan = shape with
        {
            Name = $"Conv2d_Int8Strassen_{PlaneWindow.Of(conv.Window).Tag}_{x.C}x{y.H}x{y.W}x{y.C}_S{shape.Strips.Count}T{shape.Words.Pieces.Size}x{shape.Words.Vectors}{epilogue.Tag()}",
            Summary = $"Integer Strassen 1x1 convolution, {x.Shape} in codes to {y.Shape} in {(output.Grid is null ? "floats" : "codes")}, bias added{epilogue.Summary()}.",
            Units = shape.Images * shape.Strips.Count * shape.Parts.Count,
            Width = oneRow ? y.H * y.W : y.W,
            Input = PlaneStrides.Of(x) with { Row = rows.Stride * x.RowBytes, Column = columns.Stride * x.PixelBytes },
            Output = output,
            Residual = residual,
            Activation = output.Grid is null ? epilogue.Activation : null,
            ScratchBytes = checked(shape.InBytes + (Int8StrassenPlan.Buffers * shape.BufferBytes)),
        };
        Int8StrassenRecipe recipe = new(
            Int8Tensors.Of(layer.Node, conv.Bias, grid, output, residual), y.C, x.C, Vectors * shape.Words.Lanes, WordDot.Of(plan.Isa)[0].Channels, plan.WeightBytes);
        return new KernelCall(plan, 0, residual is null ? -1 : 1, recipe);
    }
}
