using CnnCodegen.Generator.Algorithms.Loops;
using CnnCodegen.Generator.Algorithms.Popcount;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.SignSums;

/// <summary>
/// Convolutions and linear layers of floats with weights of one bit: a few pixels have few sums with every pattern of signs, which are made once for all filters, and each
/// filter adds up those that it selects.
/// </summary>
internal sealed class SignSumsAlgorithm : IAlgorithm
{
    public const string Id = "signsums";

    /// <summary>Blocks of pixels below which rows are cut into bands, so that threads have something to share.</summary>
    private const int WantedUnits = 4;

    /// <summary>Instructions to bring a vector of floats from another form or into one.</summary>
    private const double FormInstructions = 4;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv { Refinement: BinaryWeight } or Linear { Refinement: BinaryWeight };

    public Claim Claim(LayerContext layer)
    {
        if (Grids.IsBinary(layer.InputGrids[0])) return Algorithms.Claim.Decline("its input is -1 or 1, of which bits are counted");
        if (CodeGrid.Of(layer.InputGrids[0]) is not null) return Algorithms.Claim.Decline("its input is codes, which integers sum exactly");
        if (layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        return SignSumsLinearPlanner.Suits(layer.Layer, layer.InputShapes[0]) ? ClaimLinear(layer) : ClaimConv(layer, (Conv)layer.Layer);
    }

    public void Emit(KernelPlan plan, SourceWriter writer)
    {
        if (plan is SignSumsPlan conv) new SignSumsEmitter(conv, writer).Emit();
        else new SignSumsLinearEmitter((SignSumsLinearPlan)plan, writer).Emit();
    }

    private static Claim ClaimLinear(LayerContext layer)
    {
        SignSumsLinearPlan plan = SignSumsLinearPlanner.Plan(layer);
        Need dense = new(Form.Dense);
        return new Claimed(
            $"weights of one bit, {plan.GroupSigns} at a time", plan.Residual ? [dense, dense] : [dense], Form.Dense, InPlace: false,
            (_, _) => [SignSumsLinearPlanner.Call(layer, plan)])
        {
            Cost = SignSumsLinearPlanner.Estimate(plan),
        };
    }

    private static Claim ClaimConv(LayerContext layer, Conv conv)
    {
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        if (conv.Window.Rank > 2) return Algorithms.Claim.Decline("3-D convolution");
        Border border = PlaneWindow.Borders(conv.Window, x, y);
        Form form = border.IsEmpty ? Form.Dense : Form.Padded;
        if (Width.Widest(layer.Isa, y[y.Rank - 1]).Lanes == 1) return Algorithms.Claim.Decline($"rows of {y[y.Rank - 1]} pixels are shorter than any vector");
        (SignSumsPlan Plan, double Instructions) plan(Form output) => Plan(layer, conv, [new TensorView(x, form, border, 1)], new TensorView(y, output, Border.None, 1));

        // Sums that wait between passes do so in the output.
        bool bits = PopcountAlgorithm.StoresBits(layer.Node.Epilogue) && (conv.Groups == 1 || conv.OutChannels / conv.Groups % SignSumsPlan.WordChannels == 0);
        (SignSumsPlan geometry, double instructions) = plan(bits ? Form.Bits : Form.Padded);
        if (bits && geometry.Register.Passes.Count > 1)
        {
            bits = false;
            (geometry, instructions) = plan(Form.Padded);
        }

        if (conv.Groups > 1 && conv.Pin != Id && instructions > (double)conv.Macs(layer.InputShapes, y) / layer.Isa.Lanes())
            return Algorithms.Claim.Decline($"groups of {x[1] / conv.Groups} to {conv.OutChannels / conv.Groups} channels select too few of the sums");

        List<Need> needs = [new(form, border)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Padded));
        string reason = $"weights of one bit, {geometry.Register.Groups.Size} at a time{(bits ? ", results stored as bits" : "")}";
        return new Claimed(reason, needs, bits ? Form.Bits : Form.Padded, InPlace: false, (views, output) => [Call(layer, conv, views, output)])
        {
            Cost = new Cost(0, instructions + Changes(layer, bits)),
        };
    }

    /// <summary>Changes of form around the layer that others would not need.</summary>
    private static double Changes(LayerContext layer, bool bits)
    {
        int lanes = layer.Isa.Lanes();
        double read = layer.InputForms[0] is Form.Dense or Form.Padded ? 0 : layer.InputShapes[0].Elements;
        double written = bits || layer.Readers.All(reader => reader is Conv { Refinement: BinaryWeight }) ? 0 : layer.Node.Shape.Elements;
        return FormInstructions * (read + written) / lanes;
    }

    private static (SignSumsPlan Plan, double Instructions) Plan(LayerContext layer, Conv conv, IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        (WindowAxis rows, WindowAxis columns) = window;
        Epilogue epilogue = layer.Node.Epilogue;
        bool bits = output.Form == Form.Bits, merged = !bits && window.Taps == 1 && rows.Stride == 1 && columns.Stride == 1 && views.Append(output).All(view => view.Border.IsEmpty);
        int height = merged ? 1 : output.H, width = merged ? output.H * output.W : output.W;
        SignSumsPlan plan = new(layer.Isa, "", "", 1)
        {
            Images = x.N,
            Groups = conv.Groups,
            InChannels = x.C / conv.Groups,
            OutChannels = output.C / conv.Groups,
            KernelRows = rows.Kernel,
            KernelColumns = columns.Kernel,
            Rows = height,
            Columns = width,
            RowStride = rows.Stride,
            ColumnStride = columns.Stride,
            SharesRows = rows.Dilation == 1 && rows.Stride < rows.Kernel,
            Lanes = Width.Widest(layer.Isa, width).Lanes,
            Input = new PlaneStrides(
                x.ImageBytes, x.BlockBytes, rows.Stride * x.RowBytes, columns.Stride * x.PixelBytes, x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes)),
            TapRow = rows.Dilation * x.RowBytes,
            TapColumn = columns.Dilation * x.PixelBytes,
            Output = PlaneStrides.Of(output) with { Block = bits ? sizeof(ulong) : output.BlockBytes },
            Residual = epilogue.Residual && views.Count > 1 ? PlaneStrides.Of(views[1]) : null,
            Activation = bits ? null : epilogue.Activation,
            Bits = bits,
        };
        (SignTile tile, double instructions) = SignTile.Choose(plan.Lanes, plan);
        int planes = x.N * conv.Groups * tile.Vectors.Count;
        int bands = Math.Max(1, Math.Min(height / rows.Kernel, Cut.CeilingOver(WantedUnits, planes)));
        plan = plan with { Register = tile, Bands = Cut.Evenly(height, Cut.CeilingOver(height, bands)) };
        plan = plan with
        {
            Name = $"Conv2d_SignSums_{window.Tag}{(conv.Groups > 1 ? $"G{conv.Groups}" : "")}_{x.C}x{output.H}x{output.W}x{output.C}_T{tile.Vectors.Size}x{tile.Groups.Size}{(bits ? "_Bits" : epilogue.Tag())}",
            Summary = $"{rows.Kernel}x{columns.Kernel} convolution of floats with binary weights, {x.Shape} to {output.Shape}, scaled, bias added"
                + (bits ? ", binarised and stored as bits." : $"{epilogue.Summary()}."),
            Units = planes * plan.Bands.Count,
            ScratchBytes = plan.MasksOffset + plan.MaskBytes,
        };
        return (plan, (double)x.N * conv.Groups * instructions);
    }

    private static KernelCall Call(LayerContext layer, Conv conv, IReadOnlyList<TensorView> views, TensorView output)
    {
        (SignSumsPlan plan, _) = Plan(layer, conv, views, output);
        SignSumsRecipe recipe = new(
            ConvWeights.Of(layer.Node, conv.Bias), plan.Groups, plan.OutChannels, plan.KernelRows, plan.KernelColumns, plan.Register.Groups.Count, plan.Register.Passes.Count,
            plan.Register.Filters, plan.WeightBytes);
        return new KernelCall(plan, 0, plan.Residual is null ? -1 : 1, recipe);
    }
}
