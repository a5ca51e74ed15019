using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Depthwise;

/// <summary>Depthwise convolutions of codes whose weights are <see cref="WeightCodes"/>, in integers: see the README.</summary>
internal sealed class Int8DepthwiseAlgorithm : IAlgorithm
{
    public const string Id = "int8 depthwise";

    /// <summary>Output columns of a tile, whose vector of weights is loaded once.</summary>
    private const int MaxColumns = 16;

    /// <summary>Products that are written out in one method.</summary>
    private const int MaxProducts = 256;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv { Groups: > 1, Refinement.Codes: not null };

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        TensorShape x = layer.InputShapes[0];
        if (CodeGrid.Of(layer.InputGrids[0]) is not { } grid) return Algorithms.Claim.Decline("its input is not quantized to at most 256 codes");
        if (!conv.IsDepthwise(x) || conv.OutChannels != x[1]) return Algorithms.Claim.Decline($"{conv.Groups} groups for {x[1]} to {conv.OutChannels} channels");
        if (conv.Window.Rank > 2) return Algorithms.Claim.Decline("3-D convolution");
        if (layer.Grid is null && layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        int lanes = Int8Plan.LanesOf(layer.Isa);
        if (PixelBytes(x) < lanes) return Algorithms.Claim.Decline($"{x[1]} channels are less than a vector of {lanes}");
        bool floats = layer.Grid is null || (layer.Node.Epilogue.Residual && layer.InputCodes(1) is null);
        if (floats && x[1] % layer.Isa.Lanes() != 0) return Algorithms.Claim.Decline($"floats of {x[1]} channels are not whole vectors of {layer.Isa.Lanes()}");
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        if (2 * Products(layer.Isa, window) > MaxProducts) return Algorithms.Claim.Decline($"a window of {window.Taps} taps");

        List<Need> needs = [new(Form.Codes, PlaneWindow.Borders(conv.Window, x, layer.Node.Shape))];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(layer.InputCodes(1) is null ? Form.Blocked : Form.Codes));
        Form output = layer.Grid is null ? Form.Blocked : Form.Codes;
        return new Claimed("codes, one filter of 8 bits for each channel", needs, output, InPlace: false, (views, y) => [Plan(layer, conv, grid, views, y)])
        {
            Cost = Estimate(layer, window),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new Int8DepthwiseEmitter((Int8DepthwisePlan)plan, writer).Emit();

    /// <summary>
    /// Measured, a product with its addition takes no longer than a multiply-add, and the rest less than the changes between codes and floats
    /// that float sums need and their estimate leaves out.
    /// </summary>
    private static Cost Estimate(LayerContext layer, PlaneWindow window)
    {
        TensorShape y = layer.Node.Shape;
        return new Cost((double)y.Elements / y[1] * PixelBytes(y) / layer.Isa.Lanes() * Products(layer.Isa, window));
    }

    private static KernelCall Plan(LayerContext layer, Conv conv, CodeGrid grid, IReadOnlyList<TensorView> views, TensorView y)
    {
        (TensorView x, PlaneWindow window, Epilogue epilogue) = (views[0], PlaneWindow.Of(conv.Window), layer.Node.Epilogue);
        (WindowAxis rows, WindowAxis columns) = window;
        int lanes = Int8Plan.LanesOf(layer.Isa);
        Int8Value output = Int8Value.Of(y, layer.Grid);
        Int8Value? residual = epilogue.Residual ? Int8Value.Of(views[1], layer.InputCodes(1)) : null;
        Cut tile = Cut.Evenly(y.W, Math.Min(MaxColumns, MaxProducts / Products(layer.Isa, window)));
        Int8DepthwisePlan plan = new(
            layer.Isa,
            $"Conv2d_Int8Depthwise_{window.Tag}_{x.C}x{y.H}x{y.W}_T{tile.Size}{epilogue.Tag()}",
            $"Integer depthwise {rows.Kernel}x{columns.Kernel} convolution, {x.Shape} in codes to {y.Shape} in {(output.Grid is null ? "floats" : "codes")}, bias added{epilogue.Summary()}.",
            PlaneUnits.Of(x.N, 1, y.H, (long)y.H * y.RowBytes))
        {
            KernelH = rows.Kernel,
            KernelW = columns.Kernel,
            Columns = tile,
            Vectors = (x.PixelBytes + lanes - 1) / lanes,
            LastChannel = x.PixelBytes - lanes,
            Input = new PlaneStrides(
                x.ImageBytes, 0, rows.Stride * x.RowBytes, columns.Stride * x.PixelBytes, x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes)),
            TapRow = rows.Dilation * x.RowBytes,
            TapColumn = columns.Dilation * x.PixelBytes,
            Output = output,
            Residual = residual,
            Activation = output.Grid is null ? epilogue.Activation : null,
        };
        Int8DepthwiseRecipe recipe = new(
            Int8Tensors.Of(layer.Node, conv.Bias, grid, output, residual), x.C, rows.Kernel, columns.Kernel, plan.DotRows, lanes, plan.Vectors, plan.LastChannel, plan.WeightBytes);
        return new KernelCall(plan, 0, epilogue.Residual ? 1 : -1, recipe);
    }

    /// <summary>Products of a vector of results.</summary>
    private static int Products(Isa isa, PlaneWindow window) => window.Columns.Kernel * ((window.Rows.Kernel + Int8DepthwisePlan.DotRowsOf(isa) - 1) / Int8DepthwisePlan.DotRowsOf(isa));

    /// <summary>Bytes of the codes of a pixel.</summary>
    private static int PixelBytes(TensorShape x) => (x[1] + 3) / 4 * 4;
}
