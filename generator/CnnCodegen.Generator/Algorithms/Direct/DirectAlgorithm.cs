using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>
/// Register-blocked direct convolution and matrix product: convolutions of any window over dense or blocked images,
/// 1x1 convolutions as one long row of pixels, and linear layers as a row with one pixel for each batch entry.
/// </summary>
internal sealed class DirectAlgorithm : IAlgorithm
{
    public const string Id = "direct";

    /// <summary>Channels up to which a convolution reads the dense image instead of a blocked copy.</summary>
    private const int MaxDenseChannels = 4;

    /// <summary>Bytes of weights that stay in the first-level cache during a pass.</summary>
    public const int PassBudget = 16 * 1024;

    /// <summary>
    /// Blocks of input channels in a pass: where planes are multiples of half a page apart, the pixels of a tile fall into the same sets
    /// of the first-level cache, and evict each other and the weights there.
    /// </summary>
    private const int MaxBlocksPerPass = 16;

    /// <summary>Bytes of input and output of a band that stay in the second-level cache.</summary>
    private const int BandBudget = 400 * 1024;

    /// <summary>Units of work below which planes are cut into bands even if they fit the cache, so that threads have something to share.</summary>
    private const int WantedUnits = 8;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv or Linear;

    public Claim Claim(LayerContext layer) =>
        layer.Layer is Conv conv ? ClaimConv(layer, conv) : ClaimLinear(layer, (Linear)layer.Layer);

    public void Emit(KernelPlan plan, SourceWriter writer) => new DirectEmitter((DirectPlan)plan, writer).Emit();

    private static Claim ClaimConv(LayerContext layer, Conv conv)
    {
        TensorShape x = layer.InputShapes[0];
        int lanes = layer.Isa.Lanes();
        if (conv.Window.Rank > 2) return Algorithms.Claim.Decline("3-D convolution");
        if (layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        if (layer.GroupsRefusal(conv.Groups, conv.OutChannels) is { } groups) return Algorithms.Claim.Decline(groups);

        Border border = PlaneWindow.Borders(conv.Window, x, layer.Node.Shape);
        bool dense = layer.InputForms[0] == Form.Dense && x[1] <= MaxDenseChannels;
        List<Need> needs = [new(dense ? border.IsEmpty ? Form.Dense : Form.Padded : Form.Blocked, border)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Blocked));
        string reason = dense ? "few input channels: reads the image as it is" : $"channel blocks of {lanes}";
        if (DirectGeometry.Subsamples(layer, conv, needs[0].Form)) reason += ", after a copy of the pixels that the stride reaches";
        return new Claimed(reason, needs, Form.Blocked, InPlace: false, (views, output) =>
            DirectGeometry.Calls(layer, conv, views, (window, inputs) => [PlanConv(layer, conv, window, inputs, output)], output))
        {
            Cost = DirectCost.Of(layer.Isa, conv, x, layer.Node.Shape),
        };
    }

    private static Claim ClaimLinear(LayerContext layer, Linear linear)
    {
        if (layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        List<Need> needs = [new(Form.Dense)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Dense));
        return new Claimed("one pass over the weights", needs, Form.Dense, InPlace: false, (views, output) => [PlanLinear(layer, linear, views, output)])
        {
            Cost = DirectCost.Of(layer.Isa, linear, layer.InputShapes[0]),
        };
    }

    private static KernelCall PlanConv(LayerContext layer, Conv conv, PlaneWindow window, IReadOnlyList<TensorView> views, TensorView output)
    {
        DirectPlan plan = DirectGeometry.Of(layer, conv, window, views, output);

        // Rows between those that windows reach are never read.
        long touched = (long)views[0].ImageBytes / conv.Groups * Math.Min(window.Rows.Kernel, window.Rows.Stride) / window.Rows.Stride;
        return Finish(plan, $"Conv2d_Direct_{DirectGeometry.Tag(conv, window, views[0], output)}", layer, conv.Bias, plan.Residual is not null, touched);
    }

    private static KernelCall PlanLinear(LayerContext layer, Linear linear, IReadOnlyList<TensorView> views, TensorView output)
    {
        int rows = output.Shape[0], inFeatures = Linear.InFeatures(views[0].Shape), lanes = layer.Isa.Lanes();
        PlaneStrides result = new(0, lanes * 4, 0, linear.OutFeatures * 4, 0);
        DirectPlan plan = new(layer.Isa, "", DirectGeometry.Summary(layer, "Direct linear layer"), 1)
        {
            InChannels = inFeatures,
            ChannelBlock = inFeatures,
            KernelH = 1,
            KernelW = 1,
            OutH = 1,
            OutW = rows,
            OutChannels = linear.OutFeatures,
            Input = new PlaneStrides(0, 0, 0, inFeatures * 4, 0),
            InChannel = 4,
            Output = result,
            Residual = layer.Node.Epilogue.Residual ? result : null,
            Activation = layer.Node.Epilogue.Activation,
            PartialStore = linear.OutFeatures % lanes != 0,
        };
        return Finish(plan, $"Linear_Direct_{rows}x{inFeatures}x{linear.OutFeatures}", layer, linear.Bias, layer.Node.Epilogue.Residual, 4L * rows * inFeatures);
    }

    /// <summary>Chooses the tile, the passes and the bands of a plan that has its geometry, and how its weights are packed.</summary>
    internal static KernelCall Finish(DirectPlan plan, string name, LayerContext layer, bool bias, bool residual, long inputBytes)
    {
        plan = plan with { Register = TileChooser.Choose(plan.Isa, plan.OutH, plan.OutW, plan.OutVectors) };
        plan = plan with
        {
            Unroll = plan.InChannel == 4 ? Divisor(Math.Min(plan.ChannelBlock, plan.InChannels), plan.InChannels) : plan.ChannelBlock,
            BlocksPerPass = FittingBlocks(plan),
        };
        (Cut bands, bool outside) = CutBands(plan, inputBytes);
        plan = plan with { Bands = bands, BandsOutside = outside };
        plan = plan with
        {
            Name = name + "_" + plan.Register.Tag + layer.Node.Epilogue.Tag(),
            Units = plan.Images * plan.Groups * plan.VectorGroups * plan.Bands.Count,
        };
        ConvWeights tensors = ConvWeights.Of(layer.Node, bias);
        DirectRecipe recipe = new(
            tensors, plan.Groups, plan.OutChannels, plan.InChannels, plan.Taps, plan.Lanes, plan.Register.Blocks, plan.ChannelBlock, plan.BiasBytes, plan.WeightBytes);
        return new KernelCall(plan, 0, residual ? 1 : -1, recipe);
    }

    /// <summary>Blocks of input channels of a pass: as many as stay in the first-level cache.</summary>
    internal static int FittingBlocks(DirectPlan plan) =>
        Math.Max(1, Math.Min(Math.Min(plan.ChannelBlocks, MaxBlocksPerPass), PassBudget / plan.BlockWeightBytes));

    /// <summary>The most of 4, 2 and 1 that divides both a whole block and the last one.</summary>
    internal static int Divisor(int block, int channels)
    {
        int unroll = 4;
        while (unroll > 1 && (block % unroll != 0 || channels % unroll != 0)) unroll /= 2;
        return unroll;
    }

    /// <summary>
    /// Bands so that the input of all channels stays in the second-level cache while one tile of output channels after the other reads it,
    /// where that brings fewer bytes from afar than reading the whole input for each. Otherwise bands so that the input and output of a pass do.
    /// </summary>
    private static (Cut Bands, bool Outside) CutBands(DirectPlan plan, long inputBytes)
    {
        int steps = plan.Register.Steps, whole = plan.Images * plan.Groups * plan.VectorGroups;
        long bands = Math.Min(steps, (inputBytes + BandBudget - 1) / BandBudget);
        bool outside = bands > 1 && (bands * plan.VectorGroups * plan.GroupWeightBytes) + inputBytes < plan.VectorGroups * inputBytes;
        if (!outside)
        {
            long stepBytes = (long)plan.Register.Rows.Size * ((plan.BlocksPerPass * (long)plan.Input.Row) + (plan.Register.Blocks * (long)plan.Output.Row));
            long fit = Math.Max(1, BandBudget / Math.Max(1, stepBytes));
            bands = plan.Register.Rows.Count > 1 ? (steps + fit - 1) / fit : 1;
        }

        bands = Math.Max(bands, (WantedUnits + whole - 1) / whole);
        if (whole * bands % 2 != 0) bands++; // two threads get as much each
        bands = Math.Min(steps, bands);
        return (Cut.Evenly(steps, (int)((steps + bands - 1) / bands)), outside);
    }
}
