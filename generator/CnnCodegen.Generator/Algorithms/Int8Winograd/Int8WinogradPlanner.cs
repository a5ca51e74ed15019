using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Cuts the work of a layer into blocks of tiles, parts of the output channels and register tiles, and with known views makes the call.</summary>
internal static class Int8WinogradPlanner
{
    /// <summary>What the transformed tiles of a block may fill of the second-level cache.</summary>
    private const int CacheBytes = 448 * 1024;

    /// <summary>Units of work below which the output channels are cut into parts, so that threads have something to share.</summary>
    private const int WantedUnits = 4;

    /// <summary>Sums of a register tile of one vector and of two, which the registers hold with weights and inputs; two load each input once for both.</summary>
    private const int MaxTiles = 14, MaxPairTiles = 6, MaxPortableTiles = 8;

    /// <summary>All but the operands and the names.</summary>
    public static Int8WinogradPlan Shape(string algorithm, int outputs, LayerContext layer, PlaneWindow window)
    {
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        int lanes = Int8Plan.LanesOf(layer.Isa), block = layer.Isa.Lanes();
        int vectors = layer.Grid is null ? Cut.CeilingOver(y[1], block) * (block / lanes) : Cut.CeilingOver(y[1], lanes);
        bool pairs = layer.Isa != Isa.Portable && vectors % 2 == 0;
        Int8WinogradPlan plan = new(algorithm, layer.Isa, "", "", 1)
        {
            Outputs = outputs,
            Taps = window.Rows.Kernel,
            Stride = window.Rows.Stride,
            Images = x[0],
            Height = y[2],
            Width = y[3],
            Channels = Cut.CeilingOver(x[1], 4) * 4,
            OutVectors = vectors,
            Vectors = pairs ? 2 : 1,
        };
        int most = Math.Max(1, CacheBytes / ((plan.Products * plan.TileBytes) + (plan.Elements * plan.SumBytes)));
        Cut blocks = Cut.Evenly(plan.Tiles, most);
        return plan with
        {
            Blocks = blocks,
            Pieces = Cut.Evenly(blocks.Size, pairs ? MaxPairTiles : layer.Isa == Isa.Portable ? MaxPortableTiles : MaxTiles),
            Parts = Cut.Evenly(vectors / plan.Vectors, Cut.CeilingOver(vectors / plan.Vectors, Cut.CeilingOver(WantedUnits, blocks.Count))),
        };
    }

    public static KernelCall Plan(Int8WinogradPlan shape, LayerContext layer, CodeGrid grid, IReadOnlyList<TensorView> views, TensorView y)
    {
        Conv conv = (Conv)layer.Layer;
        TensorView x = views[0];
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        Epilogue epilogue = layer.Node.Epilogue;
        Int8Value output = Int8Value.Of(y, layer.Grid);
        Int8Value? residual = epilogue.Residual ? Int8Value.Of(views[1], layer.InputCodes(1)) : null;
        (int m, int r) = (shape.Outputs, shape.Taps);
        Int8WinogradPlan plan = shape with
        {
            Name = $"Conv2d_Int8Winograd{m}x{m}_K{r}x{r}{(shape.HasPhases ? $"S{shape.Stride}x{shape.Stride}" : "")}_{x.C}x{y.H}x{y.W}x{y.C}_B{shape.Blocks.Size}T{shape.Pieces.Size}x{shape.Vectors}{epilogue.Tag()}",
            Summary = $"Integer Winograd F({m}x{m}, {r}x{r}){(shape.HasPhases ? $" stride {shape.Stride}" : "")} convolution, {x.Shape} in codes to {y.Shape} in {(output.Grid is null ? "floats" : "codes")}, bias added{epilogue.Summary()}.",
            Units = shape.Blocks.Count * shape.Parts.Count,
            Input = PlaneStrides.Of(x) with { Origin = x.OriginBytes - (window.Rows.PadBegin * x.RowBytes) - (window.Columns.PadBegin * x.PixelBytes) },
            Output = output,
            Residual = residual,
            Activation = output.Grid is null ? epilogue.Activation : null,
            ScratchBytes = checked(shape.InBytes + (shape.Elements * shape.OutElementBytes)),
        };
        Int8WinogradRecipe recipe = new(
            Int8Tensors.Of(layer.Node, conv.Bias, grid, output, residual), m, r, plan.Stride, y.C, x.C, plan.Channels, plan.Lanes, plan.OutVectors, plan.Vectors, WordDot.Of(plan.Isa)[0].Channels, plan.WeightBytes);
        return new KernelCall(plan, 0, residual is null ? -1 : 1, recipe);
    }
}
