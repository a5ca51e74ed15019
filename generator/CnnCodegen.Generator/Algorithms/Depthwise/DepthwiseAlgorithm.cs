using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Depthwise;

/// <summary>Convolutions with one filter for each channel: a vector holds the channels of one pixel, a tile a few pixels.</summary>
internal sealed class DepthwiseAlgorithm : IAlgorithm
{
    public const string Id = "depthwise";

    /// <summary>Accumulators of a tile whose weights are in registers; neighbouring tiles overlap in the core, so few are enough.</summary>
    private const int ResidentPixels = 4;

    /// <summary>Instructions for each vector of results besides its multiply-adds.</summary>
    private const double ResultInstructions = 2;

    /// <summary>Input and output that stay in the second-level cache.</summary>
    private const double NearBytes = 400 * 1024;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv { Groups: > 1 };

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        TensorShape x = layer.InputShapes[0];
        if (!conv.IsDepthwise(x) || conv.OutChannels != x[1]) return Algorithms.Claim.Decline($"{conv.Groups} groups for {x[1]} to {conv.OutChannels} channels");
        if (conv.Window.Rank > 2) return Algorithms.Claim.Decline("3-D convolution");
        if (layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);

        List<Need> needs = [new(Form.Blocked, PlaneWindow.Borders(conv.Window, x, layer.Node.Shape))];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Blocked));
        return new Claimed(HasSigns(conv) ? "one filter of one bit for each channel" : "one filter for each channel", needs, Form.Blocked, InPlace: false, (views, output) => [Plan(layer, conv, views, output)])
        {
            Cost = Estimate(layer, conv),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new DepthwiseEmitter((DepthwisePlan)plan, writer).Emit();

    /// <summary>
    /// Each tap of each vector of results takes a multiply-add and, but for what neighbours share, a load; the activations come from afar
    /// where they are too many for the second-level cache, and lie close together, so that half of them count.
    /// </summary>
    private static Cost Estimate(LayerContext layer, Conv conv)
    {
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        int lanes = layer.Isa.Lanes();
        double padded = (double)((x[1] + lanes - 1) / lanes * lanes) / x[1], results = y.Elements * padded / lanes;
        double bytes = 4 * padded * (x.Elements + y.Elements);
        return new Cost(results * PlaneWindow.Of(conv.Window).Taps, ResultInstructions * results, bytes > NearBytes ? bytes / 2 : 0);
    }

    private static KernelCall Plan(LayerContext layer, Conv conv, IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        (Cut rows, Cut columns, bool resident) = ChooseTile(layer.Isa, window, output);
        Epilogue epilogue = layer.Node.Epilogue;
        string summary = $"Depthwise {window.Rows.Kernel}x{window.Columns.Kernel} convolution{(HasSigns(conv) ? " with binary weights" : "")}, {x.Shape} to {output.Shape}, bias added" + epilogue.Summary() + ".";
        DepthwisePlan plan = new(
            layer.Isa,
            $"Conv2d_Depthwise{(HasSigns(conv) ? "Signs" : "")}_{window.Tag}_{x.C}x{output.H}x{output.W}_T{rows.Size}x{columns.Size}{epilogue.Tag()}",
            summary,
            PlaneUnits.Of(x.N, x.Blocks, rows.Count, output.BlockBytes))
        {
            KernelH = window.Rows.Kernel,
            KernelW = window.Columns.Kernel,
            Rows = rows,
            Columns = columns,
            Resident = resident,
            Signs = HasSigns(conv),
            Input = new PlaneStrides(
                x.ImageBytes,
                x.BlockBytes,
                window.Rows.Stride * x.RowBytes,
                window.Columns.Stride * x.PixelBytes,
                x.OriginBytes - (window.Rows.PadBegin * x.RowBytes) - (window.Columns.PadBegin * x.PixelBytes)),
            TapRow = window.Rows.Dilation * x.RowBytes,
            TapColumn = window.Columns.Dilation * x.PixelBytes,
            Output = PlaneStrides.Of(output),
            Residual = epilogue.Residual ? PlaneStrides.Of(views[1]) : null,
            Activation = epilogue.Activation,
        };
        if (plan.Signs) plan = plan with { ScratchBytes = plan.FilterBytes };
        DepthwiseRecipe recipe = new(ConvWeights.Of(layer.Node, conv.Bias), x.C, plan.Taps, layer.Isa.Lanes(), plan.Signs, plan.WeightBytes);
        return new KernelCall(plan, 0, epilogue.Residual ? 1 : -1, recipe);
    }

    private static bool HasSigns(Conv conv) => conv.Refinement is BinaryWeight;

    /// <summary>
    /// Weights in registers where they fit beside the accumulators, a pixel and the bias. Two rows share the pixels between them if the
    /// stride is 1. Otherwise one row, as many columns as there are registers for.
    /// </summary>
    private static (Cut Rows, Cut Columns, bool Resident) ChooseTile(Isa isa, PlaneWindow window, TensorView output)
    {
        bool resident = window.Taps + ResidentPixels + 2 <= isa.Registers();
        int rows = resident && window.Rows.Stride == 1 && window.Rows.Kernel > 1 && output.H > 1 ? 2 : 1;
        int columns = resident ? ResidentPixels / rows : (isa.Registers() - 2) / 2;
        return (Cut.Evenly(output.H, rows), Cut.Evenly(output.W, columns), resident);
    }
}
