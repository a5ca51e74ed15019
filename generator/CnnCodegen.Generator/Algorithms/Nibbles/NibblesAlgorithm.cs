using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Nibbles;

/// <summary>
/// Convolutions whose activations are -1 and 1, whose weights are alpha and -alpha and whose results are binarised again: how many signs of four channels
/// differ is looked up by the weights of many filters, for two pixels at once.
/// </summary>
internal sealed class NibblesAlgorithm : IAlgorithm
{
    public const string Id = "nibbles";

    /// <summary>Vectors whose counts stay in registers.</summary>
    private const int MaxVectors = 4;

    /// <summary>Bytes of counts, which pass through the first-level cache once for each piece of the window; a band of more pairs shares the work to unpack weights.</summary>
    private const int MaxCountBytes = 32 * 1024;

    /// <summary>Units below which planes are cut nevertheless, so that threads have something to share.</summary>
    private const int WantedUnits = 2;

    /// <summary>Counts are compared with their thresholds in 16 bits.</summary>
    private const int MaxSigns = short.MaxValue - 1;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv { Refinement: BinaryWeight };

    public Claim Claim(LayerContext layer)
    {
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        Conv conv = (Conv)layer.Layer;
        if (!Grids.IsBinary(layer.InputGrids[0])) return Algorithms.Claim.Decline("its input is not known to be -1 or 1");
        if (!PopcountAlgorithm.StoresBits(layer.Node.Epilogue)) return Algorithms.Claim.Decline("its results are not binarised");
        if (x.Rank > 4) return Algorithms.Claim.Decline($"rank {x.Rank}");
        if (conv.Groups > 1) return Algorithms.Claim.Decline($"{conv.Groups} groups");
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        if (x[1] * window.Taps > MaxSigns) return Algorithms.Claim.Decline($"sums of {x[1] * window.Taps} signs, more than {MaxSigns}");

        Border border = PlaneWindow.Borders(conv.Window, x, y);
        TensorView input = new(x, Form.Bits, border, 1), output = new(y, Form.Bits, Border.None, 1);
        if (BorderClasses.Refusal(window, input, output) is { } borders) return Algorithms.Claim.Decline(borders);
        return new Claimed("weights of one bit, four at a time", [new Need(Form.Bits, border)], Form.Bits, InPlace: false, (views, target) => [Call(layer, window, views[0], target)])
        {
            Cost = NibblesCost.Of(Plan(layer, window, input, output)),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new NibblesEmitter((NibblesPlan)plan, writer).Emit();

    private static NibblesPlan Plan(LayerContext layer, PlaneWindow window, TensorView x, TensorView y)
    {
        (WindowAxis rows, WindowAxis columns) = window;
        int vector = layer.Isa.Lanes() * sizeof(float), outWords = Cut.CeilingOver(y.C, NibblesPlan.WordChannels), most = MaxVectors * vector / NibblesPlan.WordChannels;
        int words = Enumerable.Range(1, most).Last(count => outWords % count == 0), channels = words * NibblesPlan.WordChannels;
        int pairRows = Cut.CeilingOver(y.H, 2), inColumns = ((y.W - 1) * columns.Stride) + columns.Extent, inWords = Cut.CeilingOver(x.C, NibblesPlan.WordChannels);
        int pixelBytes = inWords * NibblesPlan.DistanceBytes, band = Math.Max(1, Math.Min(MaxCountBytes / (y.W * 2 * channels * sizeof(short)), Cut.CeilingOver(pairRows * x.N * (outWords / words), WantedUnits)));
        NibblesPlan plan = new(
            layer.Isa,
            $"Conv2d_Nibbles_{window.Tag}_{x.C}x{y.H}x{y.W}x{y.C}_Bits",
            $"{rows.Kernel}x{columns.Kernel} convolution of binary weights and activations, {x.Shape} to {y.Shape}, compared with thresholds and stored as bits.",
            new PlaneUnits(x.N, outWords / words, Cut.Evenly(pairRows, band)))
        {
            InChannels = x.C,
            OutChannels = y.C,
            Vectors = channels / vector,
            Columns = y.W,
            Apart = y.H - pairRows,
            Overlaps = y.H % 2 != 0,
            RowClasses = BorderClasses.Of(rows, x.H, y.H),
            ColumnClasses = BorderClasses.Of(columns, x.W, y.W),
            RowStride = rows.Stride,
            ColumnStride = columns.Stride,
            WindowRows = rows.Extent,
            InColumns = inColumns,
            Reduction = new Popcount.Reduction(rows.Kernel, rows.Dilation * inColumns * pixelBytes, columns.Kernel, columns.Dilation * pixelBytes, inWords).Joined(NibblesPlan.DistanceBytes),
            Input = PlaneStrides.Of(x) with { Block = 0, Origin = x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes) },
            Output = PlaneStrides.Of(y) with { Block = words * sizeof(ulong) },
        };
        return plan with { ScratchBytes = plan.ScratchEnd };
    }

    private static KernelCall Call(LayerContext layer, PlaneWindow window, TensorView x, TensorView y)
    {
        NibblesPlan plan = Plan(layer, window, x, y);
        (WindowAxis rows, WindowAxis columns) = window;
        return new KernelCall(plan, 0, -1, new NibblesRecipe(
            ConvWeights.Of(layer.Node, ((Conv)layer.Layer).Bias), y.C, x.C, rows.Kernel, columns.Kernel, plan.RowClasses.Inside(rows, x.H), plan.ColumnClasses.Inside(columns, x.W),
            plan.Channels, plan.VectorBytes, plan.WeightBytes));
    }
}
