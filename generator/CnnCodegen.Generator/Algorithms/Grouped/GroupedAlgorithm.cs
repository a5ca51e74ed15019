using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Grouped;

/// <summary>Convolutions whose groups are not whole vectors of channels: a vector holds neighbouring pixels of one channel.</summary>
internal sealed class GroupedAlgorithm : IAlgorithm
{
    public const string Id = "grouped";

    /// <summary>Pixels of a segment whose sums wait in scratch memory: those of a tile of channels stay in the first-level cache.</summary>
    private const int WaitingPixels = 640;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv { Groups: > 1 };

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        if (conv.Window.Rank > 2) return Algorithms.Claim.Decline("3-D convolution");
        if (layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);

        Border border = PlaneWindow.Borders(conv.Window, layer.InputShapes[0], layer.Node.Shape);
        List<Need> needs = [new(border.IsEmpty ? Form.Dense : Form.Padded, border)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Dense));
        return new Claimed("vectors of pixels, for groups of any size", needs, Form.Dense, InPlace: false, (views, output) => [Plan(layer, conv, views, output)]);
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new GroupedEmitter((GroupedPlan)plan, writer).Emit();

    private static KernelCall Plan(LayerContext layer, Conv conv, IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        (WindowAxis rows, WindowAxis columns) = window;
        Epilogue epilogue = layer.Node.Epilogue;
        string summary = $"Grouped {rows.Kernel}x{columns.Kernel} convolution, {conv.Groups} groups, {x.Shape} to {output.Shape}, bias added" + epilogue.Summary() + ".";
        int pitch = x.RowBytes / x.PixelBytes;
        GroupedPlan plan = new(layer.Isa, "", summary, 1)
        {
            Images = x.N,
            Groups = conv.Groups,
            InChannels = x.C / conv.Groups,
            OutChannels = conv.OutChannels / conv.Groups,
            KernelH = rows.Kernel,
            KernelW = columns.Kernel,
            OutH = output.H,
            OutW = output.W,
            ColumnStride = columns.Stride,
            Pitch = pitch,
            SegmentRows = SegmentRows(window, pitch, output),
            Input = new PlaneStrides(
                x.ImageBytes, x.BlockBytes, rows.Stride * x.RowBytes, x.PixelBytes,
                x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes)),
            TapRow = rows.Dilation * x.RowBytes,
            TapColumn = columns.Dilation * x.PixelBytes,
            Residual = epilogue.Residual,
            Activation = epilogue.Activation,
        };
        GroupedTile tile = GroupedTile.Choose(layer.Isa, plan.Lanes, plan.SegmentPixels, plan.OutChannels);
        plan = plan with
        {
            Name = $"Conv2d_Grouped_{window.Tag}G{conv.Groups}_{x.C}x{output.H}x{output.W}x{conv.OutChannels}_T{tile.Vectors}x{tile.Channels.Size}{epilogue.Tag()}",
            Units = x.N * conv.Groups * tile.Channels.Count,
            Register = tile,
            ScratchBytes = plan.IsExact ? 0 : tile.Channels.Size * plan.ScratchChannel,
        };
        FoldedRecipe recipe = new(
            ConvWeights.Of(layer.Node, conv.Bias), checked(conv.OutChannels * plan.FilterBytes / 4), conv.OutChannels, x.C, conv.Groups, Transposed: false);
        return new KernelCall(plan, 0, epilogue.Residual ? 1 : -1, recipe);
    }

    /// <summary>
    /// Rows that are one run of pixels, what lies between them included: all of them where nothing does, one where the stride leaves some out.
    /// </summary>
    private static int SegmentRows(PlaneWindow window, int pitch, TensorView output)
    {
        if (window.Rows.Stride * window.Columns.Stride > 1) return 1;
        return pitch == output.W ? output.H : Cut.Evenly(output.H, Math.Max(1, WaitingPixels / pitch)).Size;
    }
}
