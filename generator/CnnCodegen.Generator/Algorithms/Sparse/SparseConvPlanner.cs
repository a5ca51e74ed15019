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
        : conv.IsDepthwise(layer.InputShapes[0]) ? "a channel of a depthwise convolution is read for one filter only, which is too few to make up for copying it"
        : layer.ActivationRefusal;

    /// <summary>The tiles of a convolution, before it is known where its operands lie.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="conv">Its convolution.</param>
    /// <param name="entries">How many of its weights are not zero.</param>
    /// <param name="unbordered">Planes have no border; those of a 1x1 convolution are one long row.</param>
    /// <param name="maxSums">The most vectors of a tile.</param>
    public static SparseConvPlan Geometry(LayerContext layer, Conv conv, int entries, bool unbordered, int maxSums = PixelTile.MaxSums)
    {
        TensorView x = TensorView.Dense(layer.InputShapes[0]), y = TensorView.Dense(layer.Node.Shape);
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        bool oneRow = unbordered && window is { Taps: 1, Rows.Stride: 1, Columns.Stride: 1 };
        (int outH, int outW) = oneRow ? (1, y.H * y.W) : (y.H, y.W);
        PixelTile tile = PixelTile.Choose(layer.Isa, outH, outW, maxSums);
        Patch patch = Patch.Of(window, tile, outH, outW);
        int inChannels = x.C / conv.Groups;
        SparseConvPlan plan = new(layer.Isa, "", "", 1)
        {
            Images = x.N,
            Groups = conv.Groups,
            InChannels = inChannels,
            OutChannels = conv.OutChannels / conv.Groups,
            BlockChannels = Cut.Evenly(inChannels, Math.Max(1, PatchBudget / patch.ChannelBytes)).Size,
            OutH = outH,
            OutW = outW,
            Pixels = tile,
            Patch = patch,
            ColumnStride = window.Columns.Stride,
            Activation = layer.Node.Epilogue.Activation,
            Entries = entries,
        };
        return plan.CutInto(CutChannels(plan));
    }

    /// <summary>Whether planes have no border.</summary>
    public static bool IsUnbordered(IReadOnlyList<TensorView> views, TensorView output) => views.All(v => v.Border.IsEmpty) && output.Border.IsEmpty;

    public static KernelCall Plan(LayerContext layer, Conv conv, int entries, IReadOnlyList<TensorView> views, TensorView output)
    {
        SparseConvPlan plan = Place(Geometry(layer, conv, entries, IsUnbordered(views, output)), layer, conv, views, output);
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
                x.ImageBytes, x.BlockBytes, rows.Stride * x.RowBytes, columns.Stride * x.PixelBytes, x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes)),
            InputRow = x.RowBytes,
            Output = PlaneStrides.Of(output),
            Residual = epilogue.Residual ? PlaneStrides.Of(views[1]) : null,
        };
    }

    private static Cut CutChannels(SparseConvPlan plan)
    {
        long tiles = (long)plan.Images * plan.Groups * plan.TilesDown * plan.TilesAcross, sums = (long)plan.OutChannels * plan.SumBytes;
        long wanted = Math.Min((WantedUnits + tiles - 1) / tiles, plan.OutChannels / MinPartChannels);
        int parts = (int)Math.Max(1, Math.Max(wanted, Math.Min(plan.OutChannels, (sums + SumBudget - 1) / SumBudget)));
        return Cut.Evenly(plan.OutChannels, (plan.OutChannels + parts - 1) / parts);
    }
}
