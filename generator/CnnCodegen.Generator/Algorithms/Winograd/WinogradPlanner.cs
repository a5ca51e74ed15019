using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>Turns a claimed layer, blocked and with known views, into the calls of its kernels.</summary>
internal sealed class WinogradPlanner(LayerContext layer, Conv conv, WinogradPlan plan, Blocking blocking)
{
    /// <summary>Units that transforms of whole layers are cut into, so that threads have something to share.</summary>
    private const int WantedUnits = 16;

    public IReadOnlyList<KernelCall> Plan(IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        TensorView? residual = layer.Node.Epilogue.Residual ? views[1] : null;
        WinogradPlan all = plan with
        {
            Pieces = blocking.Register.Pieces,
            Vectors = blocking.Register.Vectors,
            Blocks = blocking.Blocks,
            Input = PlaneStrides.Of(x) with { Origin = x.OriginBytes - (window.Rows.PadBegin * x.RowBytes) - (window.Columns.PadBegin * x.PixelBytes) },
            Output = PlaneStrides.Of(output),
            Residual = residual is null ? null : PlaneStrides.Of(residual),
        };
        int second = residual is null ? -1 : 1;
        if (blocking.Fused)
        {
            WinogradPlan fused = Named(all, $"_B{all.Blocks.Size}T{all.Pieces.Size}x{all.Vectors}", all.Groups * all.Blocks.Count);
            return [new KernelCall(fused with { ScratchBytes = checked((int)(fused.InBytes + fused.OutBytes)) }, 0, second, Weights(fused))];
        }

        // What a stage does not depend on is left out, so that layers which differ in nothing else share its kernel.
        WinogradPlan input = all with { Stage = WinogradStage.Input, Output = all.Input, Residual = null, Activation = null, Vectors = 1, Pieces = default };
        WinogradPlan product = all with { Stage = WinogradStage.Product, Input = all.Output, Residual = null, Activation = null };
        WinogradPlan inverse = all with { Stage = WinogradStage.Output, Input = all.Output, Vectors = 1, Pieces = default };
        input = Cut(input, all.Groups * all.InBlocks);
        inverse = Cut(inverse, all.Groups * all.OutVectors);
        Temporary transformed = new("V", all.Groups * input.InBytes), products = new("M", all.Groups * inverse.OutBytes);
        return
        [
            new KernelCall(Named(input, "_Input", input.Units)) { Target = transformed },
            new KernelCall(Named(product, $"_Product_T{all.Pieces.Size}x{all.Vectors}", all.Groups * all.Elements), Weights: Weights(product)) { Source = transformed, Target = products },
            new KernelCall(Named(inverse, "_Output", inverse.Units), Second: second) { Source = products },
        ];
    }

    /// <summary>Cuts the tiles of a transform where there are few channels.</summary>
    private static WinogradPlan Cut(WinogradPlan stage, int channels)
    {
        int parts = Math.Min((WantedUnits + channels - 1) / channels, stage.Tiles);
        Cut blocks = Algorithms.Cut.Evenly(stage.Tiles, (stage.Tiles + parts - 1) / parts);
        return stage with { Blocks = blocks, Units = channels * blocks.Count };
    }

    private WinogradRecipe Weights(WinogradPlan stage) => new(
        ConvWeights.Of(layer.Node, conv.Bias), stage.Outputs, stage.Taps, stage.Stride, stage.Groups, stage.OutChannels, stage.InChannels,
        stage.Lanes, stage.Vectors, stage.Stage == WinogradStage.Product, stage.WeightBytes);

    private WinogradPlan Named(WinogradPlan stage, string suffix, int units)
    {
        int m = stage.Outputs, r = stage.Taps, inChannels = stage.InChannels * stage.Groups, outChannels = stage.OutChannels * stage.Groups;
        string what = stage.Stage switch
        {
            WinogradStage.Input => "input transform",
            WinogradStage.Product => "products",
            WinogradStage.Output => "output transform",
            _ => "convolution",
        };
        string summary = $"Winograd F({m}x{m}, {r}x{r}){(stage.Stride > 1 ? $" stride {stage.Stride}" : "")}{(stage.Dilation > 1 ? $" dilation {stage.Dilation}" : "")} {what}, {layer.InputShapes[0]} to {layer.Node.Shape}";
        if (stage.Residual is not null) summary += ", residual added";
        if (stage.Activation is { } activation) summary += $", {activation.Function} applied";
        return stage with
        {
            Name = $"Conv2d_Winograd{m}x{m}_K{r}x{r}{Tag("S", stage.Stride)}{Tag("D", stage.Dilation)}{(stage.Groups > 1 ? $"G{stage.Groups}" : "")}_{inChannels}x{stage.Height}x{stage.Width}x{outChannels}{suffix}"
                + (stage.Residual is null ? "" : "_Add") + (stage.Activation is null ? "" : "_" + stage.Activation.Function),
            Summary = summary + ".",
            Units = units,
        };
    }

    private static string Tag(string letter, int value) => value > 1 ? $"{letter}{value}x{value}" : "";
}
