using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>
/// Strassen's algorithm in Winograd's form, one level above direct convolution: output channels, input channels and output pixels in halves,
/// seven convolutions of halves in place of eight.
/// </summary>
internal sealed class StrassenAlgorithm : IAlgorithm
{
    public const string Id = "strassen";

    /// <summary>
    /// An output may add four products of halves in place of two, so its terms are rounded twice as often; the products' factors are sums of
    /// up to 1 * 1 + 3 * 3 + 2 * 2 + 4 * 1 weights times inputs in place of 1 * 1 + 1 * 1, nine times as much.
    /// </summary>
    public const double Amplification = 18;

    /// <summary>Bytes of the sums, for which the workspace has room while the layer is computed.</summary>
    private const long MaxSumBytes = 256 * 1024 * 1024;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv { Groups: 1, Window.Rank: <= 2 };

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        if (Refusal(layer, conv) is { } refusal) return Algorithms.Claim.Decline(refusal);

        List<Need> needs = [new(Form.Blocked, PlaneWindow.Borders(conv.Window, layer.InputShapes[0], layer.Node.Shape))];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Blocked));
        StrassenCost cost = new(layer, conv);
        string reason = "seven products of halves in place of eight";
        if (DirectGeometry.Subsamples(layer, conv, Form.Blocked)) reason += ", after a copy of the pixels that the stride reaches";
        return new Claimed(reason, needs, Form.Blocked, InPlace: false, (views, output) =>
            DirectGeometry.Calls(layer, conv, views, (window, inputs) => StrassenPlanner.Plan(layer, conv, window, inputs, output), output))
        {
            Cost = cost.Estimate,
            Amplification = Amplification,
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer)
    {
        if (plan is StrassenSumsPlan sums) new SumsEmitter(sums, writer).Emit();
        else new StrassenEmitter((StrassenPlan)plan, writer).Emit();
    }

    private static string? Refusal(LayerContext layer, Conv conv)
    {
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        int pair = 2 * layer.Isa.Lanes();
        if (layer.ActivationRefusal is { } activation) return activation;
        if (x[1] % pair != 0 || conv.OutChannels % pair != 0) return $"halves of {x[1]} to {conv.OutChannels} channels are not whole vectors of {pair / 2}";
        if (y[2] % 2 != 0) return $"{y[2]} rows of outputs have no halves";
        long bytes = new StrassenCost(layer, conv).SumBytes;
        return bytes > MaxSumBytes ? $"sums of the input's halves take {bytes >> 20} MB" : null;
    }
}
