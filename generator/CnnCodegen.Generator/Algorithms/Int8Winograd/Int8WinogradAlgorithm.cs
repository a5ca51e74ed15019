using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Algorithms.Winograd;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Winograd;

/// <summary>Convolutions of codes whose weights are <see cref="WeightCodes"/> by minimal filtering with tiles of outputs x outputs pixels, in integers: see the README.</summary>
/// <param name="outputs">Rows and columns of outputs of a tile.</param>
internal sealed class Int8WinogradAlgorithm(int outputs) : IAlgorithm
{
    /// <summary>The codes of a pixel that are transformed at once.</summary>
    private const int LeastChannels = 16;

    /// <summary>The input transform of all phases, one for each pixel of the stride, is one method, which the JIT compiler must optimise.</summary>
    private const int MaxStride = 3;

    public string Name { get; } = $"int8winograd{outputs}x{outputs}";

    /// <summary>Square kernels; others only to say why not, where they are asked for.</summary>
    public bool Considers(Layer layer) => layer is Conv { Refinement.Codes: not null } conv && (conv.Pin == Name || Refusal(conv) is null);

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        TensorShape x = layer.InputShapes[0];
        if (Refusal(conv) is { } refusal) return Algorithms.Claim.Decline(refusal);
        if (CodeGrid.Of(layer.InputGrids[0]) is not { } grid) return Algorithms.Claim.Decline("its input is not quantized to at most 256 codes");
        if (layer.Grid is null && layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        Int8WinogradPlan plan = Int8WinogradPlanner.Shape(Name, outputs, layer, window);
        if (plan.Channels < LeastChannels) return Algorithms.Claim.Decline($"fewer than {LeastChannels} input channels");
        int greatest = layer.WeightCodes!.Greatest;
        long input = plan.Integers.InputGrowth * grid.Max, filter = plan.Integers.FilterGrowth * greatest;
        if (Math.Max(input, filter) > short.MaxValue) return Algorithms.Claim.Decline($"transformed codes of up to {input} or weights of up to {filter} do not fit 16 bits");
        if (((long)x[1] * window.Taps * grid.Max * greatest) << plan.ResultShift > int.MaxValue)
            return Algorithms.Claim.Decline($"{1 << plan.ResultShift} times a sum of {x[1] * window.Taps} products may exceed 32 bits");
        if (plan.WeightBytes > PackRecipe.MaxBytes) return Algorithms.Claim.Decline($"{plan.WeightBytes >> 30} GiB of transformed weights are too many");

        List<Need> needs = [new(Form.Codes, plan.Reach(window, x))];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(layer.InputCodes(1) is null ? Form.Blocked : Form.Codes));
        double saved = Math.Pow(outputs * plan.Taps / (double)plan.Filter.Products, 2);
        return new Claimed(
            FormattableString.Invariant($"codes and weights of 8 bits, {saved:G3} times fewer multiplications"), needs, layer.Grid is null ? Form.Blocked : Form.Codes, InPlace: false,
            (views, y) => [Int8WinogradPlanner.Plan(plan, layer, grid, views, y)])
        {
            Cost = Estimate(plan, layer),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new Int8WinogradEmitter((Int8WinogradPlan)plan, writer).Emit();

    private string? Refusal(Conv conv)
    {
        if (conv.Window.Rank != 2) return "not two spatial dimensions";
        (WindowAxis rows, WindowAxis columns) = PlaneWindow.Of(conv.Window);
        if (rows.Kernel != columns.Kernel || rows.Kernel == 1) return $"a {rows.Kernel}x{columns.Kernel} kernel";
        if (rows.Stride != columns.Stride) return $"strides of {rows.Stride} and {columns.Stride}";
        if (rows.Stride > MaxStride) return $"strides above {MaxStride}";
        if (rows.Stride >= rows.Kernel) return "windows that do not overlap";
        if (rows.Dilation * columns.Dilation > 1) return "dilation above 1";
        if (outputs + PolyphaseFilter.MostTaps(rows.Kernel, rows.Stride) - 1 > CookToom.MaxIntegerSize) return $"more than {CookToom.MaxIntegerSize} x {CookToom.MaxIntegerSize} points do not fit 16 bits";
        return conv.Groups > 1 ? "groups" : null;
    }

    /// <summary>
    /// A dot product takes two channels and comes with an addition; of these instructions, three were measured in a cycle. It counts as much on
    /// AVX-512, where CPUs with VNNI need no addition, but have no lead over <see cref="Int8Algorithm"/> either unless far fewer products are left. Transforms
    /// count instructions, loads and stores; the changes of form that sums of floats would need between layers of codes, measured, are taken off.
    /// </summary>
    private static Cost Estimate(Int8WinogradPlan plan, LayerContext layer)
    {
        const double Result = 12, FormChange = 1.1;
        IntegerFilter integers = plan.Integers;
        PolyphaseFilter filter = plan.Filter;
        IReadOnlyList<int> inputs = integers.InputInstructions;
        double input = (2 * plan.Products) + filter.Phases.Select((rows, i) => filter.Phases.Select((columns, j) => (columns.Size * inputs[i]) + (rows.Size * inputs[j])).Sum()).Sum();
        double output = ((filter.Points + plan.Outputs) * integers.OutputInstructions) + plan.Elements + (Result * plan.Outputs * plan.Outputs);
        double tiles = plan.Tiles, perChannel = plan.Isa == Isa.Portable ? 1 : 2 / 3.0;
        double products = tiles * plan.Products * plan.OutVectors * plan.Channels * perChannel;
        double transforms = tiles * ((plan.Channels / (double)plan.TransformChannels * input) + (plan.OutVectors * output));
        double codes = (layer.InputForms[0] == Form.Codes ? layer.InputShapes[0].Elements : 0) + (layer.Grid is null ? 0 : layer.Node.Shape.Elements);
        return new Cost(products, transforms - (FormChange * codes), (double)plan.Blocks.Count * plan.WeightBytes);
    }
}
