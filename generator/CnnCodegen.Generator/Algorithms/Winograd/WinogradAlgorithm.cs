using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Winograd;

/// <summary>
/// Convolution of stride 1 by minimal filtering: tiles of outputs x outputs pixels, with (outputs + kernel - 1)^2 products each
/// in place of (outputs * kernel)^2 (Winograd 1980; Lavin and Gray 2016).
/// </summary>
/// <param name="outputs">Rows and columns of outputs of a tile.</param>
internal sealed class WinogradAlgorithm(int outputs) : IAlgorithm
{
    public string Name { get; } = $"winograd{outputs}x{outputs}";

    /// <summary>Square kernels that slide by one; others only to say why not, where they are asked for.</summary>
    public bool Considers(Layer layer) => layer is Conv conv && (conv.Pin == Name
        || (conv.Window.Rank == 2 && conv.Window.Kernel[0] > 1 && conv.Window.Kernel[0] == conv.Window.Kernel[1]
            && conv.Window.Strides.All(s => s == 1) && conv.Groups < conv.OutChannels));

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        if (Refusal(layer, conv) is { } refusal) return Algorithms.Claim.Decline(refusal);
        TensorShape x = layer.InputShapes[0];
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        int taps = window.Rows.Kernel;
        WinogradPlan plan = new(Name, layer.Isa, "", "", 1)
        {
            Outputs = outputs,
            Taps = taps,
            Images = x[0],
            Groups = conv.Groups,
            InChannels = x[1] / conv.Groups,
            OutChannels = conv.OutChannels / conv.Groups,
            Height = layer.Node.Shape[2],
            Width = layer.Node.Shape[3],
            Vectors = 1,
            Activation = layer.Node.Epilogue.Activation,
        };

        if (plan.WeightBytes > PackRecipe.MaxBytes) return Algorithms.Claim.Decline($"{plan.WeightBytes >> 30} GiB of transformed weights are too many");

        Border border = plan.Reach(window, x);
        TensorShape bordered = TensorShape.Of(x[0], x[1], x[2] + border.Top + border.Bottom, x[3] + border.Left + border.Right);
        if (bordered.BlockedElements > TensorShape.MaxBlockedElements) return Algorithms.Claim.Decline($"the input with whole tiles, {bordered}, is too large");

        if (Blocking.Choose(plan) is not { } blocking) return Algorithms.Claim.Decline("all transformed tiles together are too large");
        CookToom transforms = CookToom.Of(outputs, taps);
        List<Need> needs = [new(Form.Blocked, border)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Blocked));
        double saved = Math.Pow(outputs * taps / (double)plan.Size, 2);
        return new Claimed(
            FormattableString.Invariant($"{saved:G3} times fewer multiplications, {(blocking.Fused ? $"blocks of {blocking.Blocks.Size} tiles" : "stage by stage")}"),
            needs, Form.Blocked, InPlace: false, (views, output) => new WinogradPlanner(layer, conv, plan, blocking).Plan(views, output))
        {
            Cost = blocking.Cost,
            Amplification = transforms.Amplification,
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new WinogradEmitter((WinogradPlan)plan, writer).Emit();

    private string? Refusal(LayerContext layer, Conv conv)
    {
        if (conv.Window.Rank != 2) return "not two spatial dimensions";
        (WindowAxis rows, WindowAxis columns) = PlaneWindow.Of(conv.Window);
        if (rows.Kernel != columns.Kernel || rows.Kernel == 1) return $"a {rows.Kernel}x{columns.Kernel} kernel";
        if (rows.Stride * columns.Stride > 1) return "stride above 1";
        if (rows.Dilation * columns.Dilation > 1) return "dilation above 1";
        if (outputs + rows.Kernel - 1 > CookToom.MaxSize) return $"a tile of more than {CookToom.MaxSize} x {CookToom.MaxSize} inputs loses too much accuracy";
        return layer.ActivationRefusal ?? layer.GroupsRefusal(conv.Groups, conv.OutChannels);
    }
}
