using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Popcount;

/// <summary>
/// Convolutions and linear layers whose activations are -1 and 1 and whose weights are alpha and -alpha, or those and 0: the bits in which they
/// differ are counted. Results that are binarised again are stored as bits.
/// </summary>
internal sealed class PopcountAlgorithm : IAlgorithm
{
    public const string Id = "popcount";

    /// <summary>Vector instructions for each vector of results besides those of its words.</summary>
    private const double ResultInstructions = 12;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is WeightedLayer { Refinement: BinaryWeight or Bitwise };

    public Claim Claim(LayerContext layer)
    {
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        if (!Grids.IsBinary(layer.InputGrids[0])) return Algorithms.Claim.Decline("its input is not known to be -1 or 1");
        if (x.Rank > 4) return Algorithms.Claim.Decline($"rank {x.Rank}");
        int groups = GroupsOf(layer), inGroup = x[1] / groups, outGroup = y[1] / groups;
        if (groups > 1 && (inGroup % PopcountPlan.GroupChannels != 0 || outGroup % PopcountPlan.GroupChannels != 0))
            return Algorithms.Claim.Decline($"groups of {inGroup} to {outGroup} channels are not whole words of {PopcountPlan.GroupChannels}");
        if (layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);

        PlaneWindow window = WindowOf(layer);
        Border border = layer.Layer is Conv { Window: var w } ? PlaneWindow.Borders(w, x, y) : Border.None;
        TensorView input = new(x, Form.Bits, border, 1), output = new(y, Form.Blocked, Border.None, layer.Isa.Lanes());
        if (BorderClasses.Refusal(window, input, output) is { } borders) return Algorithms.Claim.Decline(borders);

        List<Need> needs = [new(Form.Bits, border)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Blocked));
        bool bits = StoresBits(layer.Node.Epilogue);
        string reason = "weights of one bit" + (bits ? ", results stored as bits" : "");
        return new Claimed(reason, needs, bits ? Form.Bits : Form.Blocked, InPlace: false, (views, target) => [Plan(layer, window, views, target)])
        {
            Cost = Estimate(layer, window, input, output),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new PopcountEmitter((PopcountPlan)plan, writer).Emit();

    /// <summary>The result is one comparison of a count, whatever norm and bias come before the binarisation.</summary>
    public static bool StoresBits(Epilogue epilogue) => !epilogue.Residual && Grids.IsBinary(epilogue.Activation);

    /// <summary>A linear layer is a convolution by a window as large as the image.</summary>
    private static PlaneWindow WindowOf(LayerContext layer)
    {
        if (layer.Layer is Conv { Window: var window }) return PlaneWindow.Of(window);
        TensorView image = TensorView.Dense(layer.InputShapes[0]);
        return new PlaneWindow(new WindowAxis(image.H, 1, 1, 0, 0), new WindowAxis(image.W, 1, 1, 0, 0));
    }

    private static int GroupsOf(LayerContext layer) => layer.Layer is Conv conv ? conv.Groups : 1;

    private static Cost Estimate(LayerContext layer, PlaneWindow window, TensorView x, TensorView y)
    {
        BitText text = new(layer.Isa);
        double vectors = (double)y.N * y.H * y.W * y.Blocks * 2, words = (double)window.Taps * x.PixelBytes / GroupsOf(layer) / sizeof(ulong);
        double perWord = text.WordInstructions + (layer.Layer is WeightedLayer { Refinement: Bitwise } ? 1 : 0);
        return new Cost(0, vectors * ((words * perWord) + ResultInstructions));
    }

    private static KernelCall Plan(LayerContext layer, PlaneWindow window, IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        (WindowAxis rows, WindowAxis columns) = window;
        Epilogue epilogue = layer.Node.Epilogue;
        WeightedLayer weighted = (WeightedLayer)layer.Layer;
        bool ternary = weighted.Refinement is Bitwise, bits = StoresBits(epilogue);
        int groups = GroupsOf(layer), blocks = (output.C + PopcountPlan.GroupChannels - 1) / PopcountPlan.GroupChannels, floatBlocks = PopcountPlan.GroupChannels / layer.Isa.Lanes();
        PlaneStrides strides(TensorView view) => PlaneStrides.Of(view) with { Block = view.Form == Form.Bits ? sizeof(ulong) : floatBlocks * view.BlockBytes };

        string what = layer.Layer is Conv ? "convolution" : "linear layer";
        string name = (layer.Layer is Conv ? $"Conv2d_Popcount_{window.Tag}{(groups > 1 ? $"G{groups}" : "")}" : "Linear_Popcount") + $"{(ternary ? "_Ternary" : "")}_{x.C}x{output.H}x{output.W}x{output.C}";
        string summary = $"{(layer.Layer is Conv ? $"{rows.Kernel}x{columns.Kernel} " : "")}{what} of {(ternary ? "ternary" : "binary")} weights and binary activations, {x.Shape} to {output.Shape}, "
            + (bits ? "compared with thresholds and stored as bits." : $"scaled, bias added{epilogue.Summary()}.");
        PopcountPlan plan = new(layer.Isa, $"{name}{(bits ? "_Bits" : epilogue.Tag())}", summary, PlaneUnits.Of(x.N, blocks, output.H, (long)output.H * output.W * PopcountPlan.GroupChannels * sizeof(float)))
        {
            InChannels = x.C,
            OutChannels = output.C,
            Ternary = ternary,
            Bits = bits,
            Groups = groups,
            Reduction = Reduction.Of(window, x, groups),
            OutW = output.W,
            Rows = BorderClasses.Of(rows, x.H, output.H),
            Columns = BorderClasses.Of(columns, x.W, output.W),
            Input = new PlaneStrides(
                x.ImageBytes, 0, rows.Stride * x.RowBytes, columns.Stride * x.PixelBytes, x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes)),
            Output = strides(output),
            OutputBlock = output.BlockBytes,
            Residual = epilogue.Residual ? strides(views[1]) : null,
            ResidualBlock = epilogue.Residual ? views[1].BlockBytes : 0,
            Activation = bits ? null : epilogue.Activation,
        };
        bool bias = weighted.Bias;
        PopcountRecipe recipe = new(
            ConvWeights.Of(layer.Node, bias), output.C, x.C / groups, rows.Kernel, columns.Kernel, new BitText(layer.Isa).Lanes, plan.Vectors,
            plan.Rows.Inside(rows, x.H), plan.Columns.Inside(columns, x.W), bits, ternary, plan.WeightBytes);
        return new KernelCall(plan, 0, epilogue.Residual ? 1 : -1, recipe);
    }
}
