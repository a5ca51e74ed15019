using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Sliced;

/// <summary>
/// Convolutions of signs whose results are binarised again, and of codes of a few bits whose results are such codes: a vector holds one bit of
/// many pixels, and counts are added up one plane of bits for each of their digits.
/// </summary>
internal sealed class SlicedAlgorithm : IAlgorithm
{
    public const string Id = "sliced";

    /// <summary>Nines of a row of the window whose additions fit a method.</summary>
    private const int MaxNines = 52;

    /// <summary>Blocks of pixels below which threads share output channels too.</summary>
    private const int WantedBlocks = 4;

    /// <summary>Digits of a code, whose thresholds are written out.</summary>
    private const int MaxCodeBits = 4;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv { Refinement: BinaryWeight or DoReFa };

    public Claim Claim(LayerContext layer)
    {
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        Conv conv = (Conv)layer.Layer;
        bool codes = IsOfCodes(layer);
        if (ValuesRefusal(layer) is { } values) return Algorithms.Claim.Decline(values);
        if (x.Rank > 4) return Algorithms.Claim.Decline($"rank {x.Rank}");
        if (conv.Groups > 1) return Algorithms.Claim.Decline($"{conv.Groups} groups");
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        if (window.Rows.Stride > 1 || window.Columns.Stride > 1) return Algorithms.Claim.Decline("stride");

        // Beside a row planes have zeros of their own.
        Border border = PlaneWindow.Borders(conv.Window, x, y) with { Left = 0, Right = 0 };
        Form form = codes ? Form.Codes : Form.Bits;
        TensorView input = new(x, form, border, 1), output = new(y, form, Border.None, 1);
        if (!codes && BorderClasses.Refusal(window, input, output) is { } borders) return Algorithms.Claim.Decline(borders);
        SlicedPlan plan = Plan(layer, window, input, output);
        if (plan.Block.Width > SlicedBlock.MaxColumns) return Algorithms.Claim.Decline($"rows of {plan.Block.Width} pixels, more than {SlicedBlock.MaxColumns}");
        if (plan.Nines > MaxNines) return Algorithms.Claim.Decline($"a window of {plan.KernelColumns} columns");
        if (plan.SumBytes > ushort.MaxValue) return Algorithms.Claim.Decline($"sums of {plan.SumBytes} bytes");

        string reason = codes ? $"codes of {plan.CodeBits} and weights of {plan.WeightBits} bits, planes of bits" : "weights of one bit, planes of bits";
        return new Claimed(reason, [new Need(form, border)], form, InPlace: false, (views, target) => [Call(layer, window, views[0], target)])
        {
            Cost = SlicedCost.Of(plan),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new SlicedEmitter((SlicedPlan)plan, writer).Emit();

    /// <summary>Why what the layer reads and writes is neither signs nor codes of few bits; null if it is.</summary>
    private static string? ValuesRefusal(LayerContext layer)
    {
        if (IsOfCodes(layer))
        {
            bool few = layer.Grid is { } grid && Digits(grid.Max) <= MaxCodeBits && !layer.Node.Epilogue.Residual;
            return few ? null : $"its results are not made codes of at most {MaxCodeBits} bits";
        }

        if (layer.Layer is not Conv { Refinement: BinaryWeight }) return $"its input is not known to be codes from 0 to at most {(1 << MaxCodeBits) - 1}";
        if (!Grids.IsBinary(layer.InputGrids[0])) return "its input is not known to be -1 or 1";
        return PopcountAlgorithm.StoresBits(layer.Node.Epilogue) ? null : "its results are not binarised";
    }

    /// <summary>The layer reads codes of few bits, of which the least is 0.</summary>
    private static bool IsOfCodes(LayerContext layer) => CodeGrid.Of(layer.InputGrids[0]) is { Zero: 0 } grid && Digits(grid.Max) <= MaxCodeBits;

    private static SlicedPlan Plan(LayerContext layer, PlaneWindow window, TensorView x, TensorView y)
    {
        (WindowAxis rows, WindowAxis columns) = window;
        SlicedBlock block = SlicedBlock.Of(window, x, y, layer.Isa);
        Cut blocks = Cut.Evenly((y.H + block.Rows - 1) / block.Rows, 1);
        int words = (y.C + SlicedPlan.WordChannels - 1) / SlicedPlan.WordChannels;
        PlaneUnits units = new(x.N, x.N * blocks.Count < WantedBlocks ? words : 1, blocks);
        (int codeBits, int weightBits, int greatest) = IsOfCodes(layer) ? (Digits(CodeGrid.Of(layer.InputGrids[0])!.Max), Digits(layer.WeightCodes!.Greatest), layer.Grid!.Max) : (0, 1, 0);
        string values = codeBits > 0 ? $"weights of {weightBits} and codes of {codeBits} bits" : "binary weights and activations";
        SlicedPlan plan = new(
            layer.Isa,
            $"Conv2d_Sliced{(codeBits > 0 ? $"{weightBits}x{codeBits}" : "")}_{window.Tag}_{x.C}x{y.H}x{y.W}x{y.C}_{(codeBits > 0 ? $"Codes{greatest}" : "Bits")}",
            $"{rows.Kernel}x{columns.Kernel} convolution of {values}, {x.Shape} to {y.Shape}, compared with thresholds and stored as {(codeBits > 0 ? "codes" : "bits")}.",
            units)
        {
            CodeBits = codeBits,
            WeightBits = weightBits,
            ResultBits = Digits(greatest),
            Thresholds = greatest,
            Block = block,
            OutH = y.H,
            OutChannels = y.C,
            InChannels = x.C,
            KernelRows = rows.Kernel,
            KernelColumns = columns.Kernel,
            RowDilation = rows.Dilation,
            ColumnDilation = columns.Dilation,
            ColumnPad = columns.PadBegin,
            Nines = ((Math.Min(x.C, SlicedPlan.WordChannels) * columns.Kernel) + SlicedPlan.Nine - 1) / SlicedPlan.Nine,
            CountBits = codeBits > 0 ? Digits((x.C * window.Taps * ((1 << weightBits) - 1) * ((1 << codeBits) - 1)) + 1) - 1 : Digits(x.C * window.Taps),

            // Codes outside the image are 0, and so are their digits.
            Kinds = codeBits > 0 ? new BorderClasses(0, blocks.Count, blocks.Count) : KindsOf(block, blocks.Count, y.H, BorderClasses.Of(rows, x.H, y.H)),
            Input = PlaneStrides.Of(x) with { Block = 0, Origin = x.OriginBytes - (rows.PadBegin * x.RowBytes) },
            Output = PlaneStrides.Of(y) with { Block = codeBits > 0 ? SlicedPlan.WordChannels : sizeof(ulong) },
        };
        return plan with { ScratchBytes = plan.ScratchEnd };
    }

    private static KernelCall Call(LayerContext layer, PlaneWindow window, TensorView x, TensorView y)
    {
        SlicedPlan plan = Plan(layer, window, x, y);
        SlicedBlock block = plan.Block;
        ConvWeights weights = ConvWeights.Of(layer.Node, ((Conv)layer.Layer).Bias);
        if (plan.IsOfCodes)
            return new KernelCall(plan, 0, -1, new SlicedCodesRecipe(
                weights, layer.WeightCodes!, CodeGrid.Of(layer.InputGrids[0])!, layer.Grid!, y.C, x.C, plan.KernelRows, plan.KernelColumns,
                block.PlaneBytes, plan.WeightBits, plan.CodeBits, plan.CountBits, plan.WeightBytes));
        BorderClasses rows = BorderClasses.Of(window.Rows, x.H, y.H), columns = BorderClasses.Of(window.Columns, x.W, y.W);
        SlicedRecipe recipe = new(
            weights, y.C, x.C, plan.KernelRows, plan.KernelColumns, rows.Inside(window.Rows, x.H), columns.Inside(window.Columns, x.W),
            block.VectorBytes, block.RowBytes, block.PlaneBytes,
            (from kind in Enumerable.Range(0, plan.Kinds.Count)
             from row in Enumerable.Range(block.Start(plan.Kinds.Example(kind), y.H), block.Rows)
             select rows.ClassOf(row)).ToEquatableArray(),
            Enumerable.Range(0, y.W).Select(columns.ClassOf).ToEquatableArray(),
            plan.Kinds.Count, plan.WeightBytes);
        return new KernelCall(plan, 0, -1, recipe);
    }

    /// <summary>Blocks whose rows are all alike are one kind; without any, each block is a kind.</summary>
    private static BorderClasses KindsOf(SlicedBlock block, int blocks, int height, BorderClasses rows)
    {
        if (rows.Count == 1) return new BorderClasses(0, blocks, blocks);
        int first = Enumerable.Range(0, blocks).Count(b => block.Start(b, height) < rows.First);
        int end = Enumerable.Range(0, blocks).Count(b => block.Start(b, height) + block.Rows <= rows.End);
        return first < end ? new BorderClasses(first, end, blocks) : new BorderClasses(blocks - 1, blocks, blocks);
    }

    /// <summary>Bits of a number.</summary>
    private static int Digits(int number) => number == 0 ? 0 : 1 + Digits(number / 2);
}
