using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Bits;

/// <summary>What happens to binary activations as packed bits: from floats and back, max pooling, padding.</summary>
internal sealed class BitsAlgorithm : IAlgorithm
{
    public const string Id = "bits";

    /// <summary>Taps up to which a window is written out.</summary>
    private const int MaxTaps = 64;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Pool { Function: PoolKind.Max } or Pad { Mode: PadMode.Constant, Value: 1 or -1 };

    public Claim Claim(LayerContext layer)
    {
        if (!Grids.IsBinary(layer.InputGrids[0])) return Algorithms.Claim.Decline("its input is not known to be -1 or 1");
        if (layer.InputForms[0] != Form.Bits && layer.Layer is Pool) return Algorithms.Claim.Decline("its input is not packed");
        return layer.Layer switch
        {
            Pool { Window: { Rank: <= 2 } window } when PlaneWindow.Of(window).Taps <= MaxTaps => new Claimed(
                "the largest of -1 and 1 is an or of bits", [new Need(Form.Bits, PlaneWindow.Borders(window, layer.InputShapes[0], layer.Node.Shape))], Form.Bits, InPlace: false,
                (views, output) => [new KernelCall(PlanPool(layer.Isa, PlaneWindow.Of(window), views[0], output))]),
            Pool => Algorithms.Claim.Decline("its window is large"),
            Pad pad when IsSpatial(pad) => new Claimed("copies words", [new Need(Form.Bits)], Form.Bits, InPlace: false, (views, output) => [new KernelCall(PlanPad(layer.Isa, pad, views[0], output))]),
            _ => Algorithms.Claim.Decline("it pads the batch or the channels, or cuts"),
        };
    }

    /// <summary>A change from floats, of which those of at least 0 become 1, or to floats.</summary>
    public static BitsPlan Convert(Isa isa, TensorView from, TensorView to)
    {
        bool packs = to.Form == Form.Bits;
        string tag(TensorView view) => (view.Form == Form.Bits ? "Bits" : view.Form == Form.Blocked ? $"C{view.Block}" : "C1")
            + (view.Border.IsEmpty ? "" : $"B{view.Border.Top}{view.Border.Left}{view.Border.Bottom}{view.Border.Right}");
        return new BitsPlan(
            isa, $"{(packs ? "Pack" : "Unpack")}_{from.N}x{from.C}x{from.H}x{from.W}_{tag(from)}_{tag(to)}",
            $"Copies {from.Shape} from {from.Describe()} to {to.Describe()}.", packs ? BitsKind.Pack : BitsKind.Unpack, from, to, from.N * from.H);
    }

    public void Emit(KernelPlan plan, SourceWriter writer)
    {
        BitsPlan bits = (BitsPlan)plan;
        switch (bits.Kind)
        {
            case BitsKind.Pack:
                PackEmitter.Emit(bits, writer);
                break;
            case BitsKind.Unpack:
                UnpackEmitter.Emit(bits, writer);
                break;
            default:
                WordsEmitter.Emit(bits, writer);
                break;
        }
    }

    private static bool IsSpatial(Pad pad) =>
        pad.Begin.Count is 3 or 4 && pad.Begin.Concat(pad.End).All(p => p >= 0) && pad.Begin.Take(2).Concat(pad.End.Take(2)).All(p => p == 0);

    private static BitsPlan PlanPool(Isa isa, PlaneWindow window, TensorView x, TensorView y) => new(
        isa, $"MaxPool_Bits_{window.Tag}P{window.Rows.PadBegin}x{window.Columns.PadBegin}_{x.C}x{x.H}x{x.W}", $"Max pooling of bits, {x.Shape} to {y.Shape}.", BitsKind.Pool, x, y, y.N * y.H)
    {
        Window = window,
    };

    private static BitsPlan PlanPad(Isa isa, Pad pad, TensorView x, TensorView y)
    {
        WindowAxis axis(int i) => new(1, 1, 1, pad.Begin[i], pad.End[i]);
        PlaneWindow edges = pad.Begin.Count == 3 ? new(new WindowAxis(1, 1, 1, 0, 0), axis(2)) : new(axis(2), axis(3));
        return new BitsPlan(isa, $"Pad_Bits_{(pad.Value > 0 ? "PlusOne" : "MinusOne")}_{x.Shape}_{y.Shape}", $"Pads bits with {Literals.Float(pad.Value)}, {x.Shape} to {y.Shape}.", BitsKind.Pad, x, y, y.N * y.H)
        {
            Window = edges,
            Ones = pad.Value > 0,
        };
    }
}
