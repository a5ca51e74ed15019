using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Sparse;

/// <summary>Cuts a sparse convolution into tiles of pixels, blocks of input channels and parts of the output channels.</summary>
internal static class SparseConvPlanner
{
    /// <summary>Bytes of patches that stay in the first-level cache, beside the sums and the weights that pass by.</summary>
    private const int PatchBudget = 24 * 1024;

    /// <summary>Bytes of sums that stay in the second-level cache.</summary>
    private const int SumBudget = 192 * 1024;

    /// <summary>Units below which output channels are cut, so that threads have something to share.</summary>
    private const int WantedUnits = 8;

    /// <summary>Output channels below which copying the input again for each part costs more than sharing gains.</summary>
    private const int MinPartChannels = 128;

    /// <summary>Why a convolution has no tiles of pixels that are worth it; null if it has.</summary>
    public static string? Refusal(LayerContext layer, Conv conv) =>
        conv.Window.Rank > 2 ? "3-D convolution"
        : IsDepthwise(layer, conv) && PlaneWindow.Of(conv.Window) is not { Rows.Stride: 1, Columns.Stride: 1 }
            ? "the filter of a depthwise convolution is not worth copying its channel, which at a stride other than 1 is necessary"
        : IsDepthwise(layer, conv) && TensorView.Dense(layer.Node.Shape).W < layer.Isa.Lanes()
            ? $"rows of {TensorView.Dense(layer.Node.Shape).W} pixels are shorter than a vector, and the filter of a depthwise convolution is not worth copying its channel"
        : layer.ActivationRefusal;

    /// <summary>The tiles of a convolution, before it is known where its operands lie.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="conv">Its convolution.</param>
    /// <param name="entries">How many of its weights are not zero.</param>
    /// <param name="forms">How its operands lie.</param>
    /// <param name="unbordered">Planes have no border; those of a 1x1 convolution are one long row.</param>
    /// <param name="maxSums">The most vectors of a tile.</param>
    public static SparseConvPlan Geometry(LayerContext layer, Conv conv, int entries, SparseForms forms, bool unbordered, int maxSums)
    {
        TensorView x = TensorView.Dense(layer.InputShapes[0]), y = TensorView.Dense(layer.Node.Shape);
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        bool oneRow = unbordered && window is { Taps: 1, Rows.Stride: 1, Columns.Stride: 1 };
        (int outH, int outW) = oneRow ? (1, y.H * y.W) : (y.H, y.W);
        PixelTile tile = PixelTile.Choose(layer.Isa, outH, outW, maxSums);
        bool inPlace = IsDepthwise(layer, conv);
        Patch patch = inPlace ? Patch.InPlace(window, tile, x.RowBytes, outW) : Patch.Of(window, tile, outH, outW);
        int inChannels = x.C / conv.Groups;
        SparseConvPlan plan = new(layer.Isa, "", "", 1)
        {
            Images = x.N,
            Groups = conv.Groups,
            InChannels = inChannels,
            OutChannels = conv.OutChannels / conv.Groups,
            Forms = forms,
            BlockChannels = CutBlocks(inChannels, PatchBudget / patch.ChannelBytes, forms.ReadsBlocks ? Squares.Size : 1),
            OutH = outH,
            OutW = outW,
            Pixels = tile,
            Patch = patch,
            ReadsInPlace = inPlace,
            ColumnStride = window.Columns.Stride,
            Activation = layer.Node.Epilogue.Activation,
            Entries = entries,
        };
        return plan.CutInto(CutChannels(plan));
    }

    /// <summary>Whether planes have no border.</summary>
    public static bool IsUnbordered(IReadOnlyList<TensorView> views, TensorView output) => views.All(v => v.Border.IsEmpty) && output.Border.IsEmpty;

    /// <summary>The tile with the lowest estimate: large ones load a weight less often, of small ones more channels stay in the cache.</summary>
    public static SparseConvPlan Fastest(LayerContext layer, Conv conv, int entries, SparseForms forms, bool unbordered) => Enumerable.Range(1, PixelTile.MaxSums)
        .Select(sums => Geometry(layer, conv, entries, forms, unbordered, sums))
        .Where(plan => !plan.ReadsInPlace || plan.Patch.MissingColumns == 0)
        .OrderBy(plan => SparseCost.Of(plan, 0).Cycles)
        .First();

    public static KernelCall Plan(LayerContext layer, Conv conv, int entries, SparseForms forms, IReadOnlyList<TensorView> views, TensorView output)
    {
        SparseConvPlan plan = Place(Fastest(layer, conv, entries, forms, IsUnbordered(views, output)), layer, conv, views, output);
        SparseConvRecipe recipe = new(
            ConvWeights.Of(layer.Node, conv.Bias), plan.Groups, plan.OutChannels, plan.InChannels, plan.BlockChannels, plan.Patch.ChannelBytes, plan.Patch.TapOffsets,
            plan.Entries, plan.WeightBytes);
        return new KernelCall(plan, 0, plan.Residual is null ? -1 : 1, recipe);
    }

    /// <summary>Says where the operands of a plan lie, and gives it a name.</summary>
    public static SparseConvPlan Place(SparseConvPlan plan, LayerContext layer, Conv conv, IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        (WindowAxis rows, WindowAxis columns) = window;
        Epilogue epilogue = layer.Node.Epilogue;
        string groups = conv.Groups > 1 ? $"G{conv.Groups}" : "";
        return plan with
        {
            Name = $"Conv2d_Sparse_{window.Tag}{groups}_{x.C}x{output.H}x{output.W}x{conv.OutChannels}_N{plan.Entries}_T{plan.Pixels.Rows}x{plan.Pixels.RowVectors}{epilogue.Tag()}",
            Summary = $"Sparse {rows.Kernel}x{columns.Kernel} convolution, {x.Shape} to {output.Shape}, at most {plan.Entries} weights that are not zero, bias added{epilogue.Summary()}.",
            Input = new PlaneStrides(
                x.ImageBytes, x.BlockBytes / x.Block, rows.Stride * x.RowBytes, columns.Stride * x.PixelBytes, x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes)),
            InputRow = x.RowBytes,
            Patch = plan.ReadsInPlace ? plan.Patch with { RowBytes = x.RowBytes } : plan.Patch,
            Output = Planes(output),
            Residual = epilogue.Residual ? Planes(views[1]) : null,
        };
    }

    private static bool IsDepthwise(LayerContext layer, Conv conv) => conv.IsDepthwise(layer.InputShapes[0]);

    private static PlaneStrides Planes(TensorView view) => PlaneStrides.Of(view) with { Block = view.BlockBytes / view.Block };

    /// <summary>Channels of the blocks into which input channels are cut, a multiple of <paramref name="unit"/>.</summary>
    private static int CutBlocks(int channels, int limit, int unit) =>
        Math.Min(channels, unit * Cut.Evenly((channels + unit - 1) / unit, Math.Max(1, limit / unit)).Size);

    private static Cut CutChannels(SparseConvPlan plan)
    {
        long tiles = (long)plan.Images * plan.Groups * plan.TilesDown * plan.TilesAcross, sums = plan.Blocks > 1 ? (long)plan.OutChannels * plan.SumBytes : 0;
        long wanted = Math.Min((WantedUnits + tiles - 1) / tiles, plan.OutChannels / MinPartChannels);
        int parts = (int)Math.Max(1, Math.Max(wanted, Math.Min(plan.OutChannels, (sums + SumBudget - 1) / SumBudget)));
        int units = (plan.OutChannels + plan.PartChannels - 1) / plan.PartChannels;
        return Cut.Evenly(units, (units + parts - 1) / parts);
    }
}
