using CnnCodegen.Generator.Algorithms.Int8;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Int8Strassen;

/// <summary>1x1 convolutions of codes whose weights are <see cref="WeightCodes"/> by Strassen's algorithm in Winograd's form, in integers: see the README.</summary>
internal sealed class Int8StrassenAlgorithm : IAlgorithm
{
    public const string Id = "int8strassen";

    public string Name => Id;

    /// <summary>1x1 kernels; others only to say why not, where they are asked for.</summary>
    public bool Considers(Layer layer) => layer is Conv { Refinement.Codes: not null } conv && (conv.Pin == Name || IsPointwise(conv));

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        TensorShape x = layer.InputShapes[0];
        if (!IsPointwise(conv)) return Algorithms.Claim.Decline("not a 1x1 kernel without padding and groups");
        if (CodeGrid.Of(layer.InputGrids[0]) is not { } grid) return Algorithms.Claim.Decline("its input is not quantized to at most 256 codes");
        if (layer.Grid is null && layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        int pair = 4 * Int8Plan.LanesOf(layer.Isa);
        if (x[1] % pair != 0 || conv.OutChannels % pair != 0) return Algorithms.Claim.Decline($"halves of {x[1]} to {conv.OutChannels} channels are not whole pairs of vectors");
        if ((long)x[1] * grid.Max * layer.WeightCodes!.Greatest > int.MaxValue) return Algorithms.Claim.Decline($"sums of {x[1]} products may exceed 32 bits");
        Int8StrassenPlan plan = Int8StrassenPlanner.Shape(layer, conv);
        if (plan.WeightBytes > PackRecipe.MaxBytes) return Algorithms.Claim.Decline($"{plan.WeightBytes >> 30} GiB of weights are too many");

        List<Need> needs = [new(Form.Codes)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(layer.InputCodes(1) is null ? Form.Blocked : Form.Codes));
        return new Claimed(
            "codes and weights of 8 bits, seven products of halves in place of eight", needs, layer.Grid is null ? Form.Blocked : Form.Codes, InPlace: false,
            (views, y) => [Int8StrassenPlanner.Plan(plan, layer, conv, grid, views, y)])
        {
            Cost = Estimate(plan, layer),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new Int8StrassenEmitter((Int8StrassenPlan)plan, writer).Emit();

    private static bool IsPointwise(Conv conv)
    {
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        return conv is { Groups: 1, Window.Rank: <= 2 } && window.Taps == 1 && conv.Window.PadsBegin.Concat(conv.Window.PadsEnd).All(pad => pad == 0);
    }

    /// <summary>
    /// Dot products as <see cref="Int8Algorithm"/> counts those of AVX2, with which this was measured. Elsewhere as many count as the products of the
    /// whole take, so that nothing is gained: CPUs with AVX-512 mostly have VNNI, which multiplies the bytes of four channels at once.
    /// </summary>
    private static Cost Estimate(Int8StrassenPlan plan, LayerContext layer)
    {
        const double Factors = 23, Results = 5.5;
        double halves = (double)plan.Images * plan.Strips.Count * plan.Half, channels = 2 * plan.Words.Channels;
        double eighths = plan.Isa == Isa.Avx2 ? 7 / 8.0 * 1.5 / 2 : 1;
        double products = 2 * halves * 2 * plan.HalfVectors * channels * eighths;
        double factors = halves * (plan.Words.Channels / (double)plan.SumChannels) * Factors;
        return new Cost(products, factors + (2 * halves * 2 * plan.HalfVectors * Results), (double)plan.Strips.Count * plan.WeightBytes);
    }
}
