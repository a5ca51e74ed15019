using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>3x3 convolutions of codes whose weights are <see cref="WeightCodes"/> by minimal filtering with tiles of 2x2 outputs, in integers: see the README.</summary>
internal sealed class Int8WinogradAlgorithm : IAlgorithm
{
    public const string Id = "int8winograd";

    /// <summary>The codes of a pixel that are transformed at once.</summary>
    private const int LeastChannels = 16;

    public string Name => Id;

    /// <summary>3x3 kernels that slide by one; others only to say why not, where they are asked for.</summary>
    public bool Considers(Layer layer) => layer is Conv { Refinement.Codes: not null } conv && (conv.Pin == Name || Refusal(conv) is null);

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        TensorShape x = layer.InputShapes[0];
        if (Refusal(conv) is { } refusal) return Algorithms.Claim.Decline(refusal);
        if (CodeGrid.Of(layer.InputGrids[0]) is not { } grid) return Algorithms.Claim.Decline("its input is not quantized to at most 256 codes");
        if (layer.Grid is null && layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        Int8WinogradPlan plan = Int8WinogradPlanner.Shape(layer);
        if (plan.Channels < LeastChannels) return Algorithms.Claim.Decline($"fewer than {LeastChannels} input channels");
        if ((long)x[1] * Int8WinogradPlan.Kernel * Int8WinogradPlan.Kernel * grid.Max * layer.WeightCodes!.Greatest << Int8WinogradPlan.ResultShift > int.MaxValue)
            return Algorithms.Claim.Decline($"four times a sum of {x[1] * Int8WinogradPlan.Kernel * Int8WinogradPlan.Kernel} products may exceed 32 bits");
        if (plan.WeightBytes > PackRecipe.MaxBytes) return Algorithms.Claim.Decline($"{plan.WeightBytes >> 30} GiB of transformed weights are too many");

        List<Need> needs = [new(Form.Codes, plan.Reach(PlaneWindow.Of(conv.Window), x))];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(layer.InputCodes(1) is null ? Form.Blocked : Form.Codes));
        return new Claimed(
            "codes and weights of 8 bits, 2.25 times fewer multiplications", needs, layer.Grid is null ? Form.Blocked : Form.Codes, InPlace: false,
            (views, y) => [Int8WinogradPlanner.Plan(plan, layer, grid, views, y)])
        {
            Cost = Estimate(plan, layer),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new Int8WinogradEmitter((Int8WinogradPlan)plan, writer).Emit();

    private static string? Refusal(Conv conv)
    {
        if (conv.Window.Rank != 2) return "not two spatial dimensions";
        (WindowAxis rows, WindowAxis columns) = PlaneWindow.Of(conv.Window);
        if (rows.Kernel != Int8WinogradPlan.Kernel || columns.Kernel != Int8WinogradPlan.Kernel) return $"a {rows.Kernel}x{columns.Kernel} kernel";
        if (rows.Stride * columns.Stride > 1) return "stride above 1";
        if (rows.Dilation * columns.Dilation > 1) return "dilation above 1";
        return conv.Groups > 1 ? "groups" : null;
    }

    /// <summary>
    /// A dot product takes two channels and comes with an addition; of these instructions, three were measured in a cycle. On AVX-512 it counts
    /// as much, since CPUs with VNNI multiply the bytes of four channels at once, which is left to <see cref="Int8Algorithm"/>. Transforms count
    /// instructions, loads and stores; the changes of form that sums of floats would need between layers of codes, measured, are taken off.
    /// </summary>
    private static Cost Estimate(Int8WinogradPlan plan, LayerContext layer)
    {
        const double Input = 64, Output = 88, FormChange = 1.1;
        double tiles = plan.Tiles, perChannel = plan.Isa == Isa.Portable ? 1 : 2 / 3.0;
        double products = tiles * plan.Elements * plan.OutVectors * plan.Channels * perChannel;
        double transforms = tiles * ((plan.Channels / (double)plan.TransformChannels * Input) + (plan.OutVectors * Output));
        double codes = (layer.InputForms[0] == Form.Codes ? layer.InputShapes[0].Elements : 0) + (layer.Grid is null ? 0 : layer.Node.Shape.Elements);
        return new Cost(products, transforms - (FormChange * codes), (double)plan.Blocks.Count * plan.WeightBytes);
    }
}
