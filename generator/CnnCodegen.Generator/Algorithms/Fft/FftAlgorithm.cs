using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Fft;

/// <summary>Convolutions with large windows as products in the Fourier domain.</summary>
internal sealed class FftAlgorithm : IAlgorithm
{
    public const string Id = "fft";

    /// <summary>Taps below which transforms cost more than they save.</summary>
    private const int MinTaps = 16;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is Conv;

    public Claim Claim(LayerContext layer)
    {
        Conv conv = (Conv)layer.Layer;
        TensorShape x = layer.InputShapes[0];
        bool depthwise = conv.IsDepthwise(x) && conv.OutChannels == conv.Groups;
        if (conv.Window.Rank > 2) return Algorithms.Claim.Decline("3-D convolution");
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        if (window.Rows.Stride != 1 || window.Columns.Stride != 1) return Algorithms.Claim.Decline("a stride would leave most results unused");
        if (window.Taps < MinTaps) return Algorithms.Claim.Decline(window.Taps == 1 ? "1 tap is too few" : $"{window.Taps} taps are too few");
        if (layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        if (!depthwise && layer.GroupsRefusal(conv.Groups, conv.OutChannels) is { } groups) return Algorithms.Claim.Decline(groups);

        TensorView blocked(TensorShape shape) => new(shape, Form.Blocked, Border.None, layer.Isa.Lanes());
        FourierProblem problem = new(layer.Isa, window, blocked(x), blocked(layer.Node.Shape), conv.Groups, depthwise);
        if (FourierGridChooser.Choose(problem) is not { } choice) return Algorithms.Claim.Decline("the window is too large");

        (FourierGrid grid, Cost cost) = choice;
        long spectra = (long)grid.Bins * grid.ComplexBytes * problem.Output.Blocks * (depthwise ? 1 : x[1] / conv.Groups);
        if (spectra > PackRecipe.MaxBytes) return Algorithms.Claim.Decline($"{spectra >> 30} GiB of spectra of the weights are too many");
        Border border = new(grid.Rows.Lead, grid.Columns.Lead, grid.Rows.BorderBehind(problem.Input.H), grid.Columns.BorderBehind(problem.Input.W));
        List<Need> needs = [new(Form.Blocked, border)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Blocked));
        return new Claimed(
            $"{window.Rows.Kernel}x{window.Columns.Kernel} taps for the price of a transform", needs, Form.Blocked, InPlace: false,
            (views, output) => depthwise ? [PlanDepthwise(layer, conv, grid, views, output)] : PlanDense(layer, conv, grid, views, output))
        {
            Cost = cost,
            Amplification = Amplification(grid),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer)
    {
        switch (plan)
        {
            case FourierForwardPlan forward:
                new ForwardEmitter(plan.Isa, forward.Input, writer).EmitKernel();
                break;
            case FourierProductPlan product:
                new ProductEmitter(product, writer).Emit();
                break;
            case FourierInversePlan inverse:
                new InverseEmitter(plan.Isa, inverse.Output, inverse.Epilogue, writer).EmitKernel();
                break;
            default:
                new DepthwiseEmitter((FourierDepthwisePlan)plan, writer).Emit();
                break;
        }
    }

    public static string Describe(FourierGrid grid) =>
        $"{grid.Rows.Size}x{grid.Columns.Size} points for {grid.Rows.Tiles.Size}x{grid.Columns.Tiles.Size} outputs";

    /// <summary>
    /// Every output carries the rounding errors of the norm of its tile, which is up to the root of the number of points times the largest pixel,
    /// from as many stages as the transform has.
    /// </summary>
    private static double Amplification(FourierGrid grid)
    {
        double points = (double)grid.Rows.Size * grid.Columns.Size;
        return Math.Sqrt(points) * Math.Max(1, Math.Log(points, 2));
    }

    private static IReadOnlyList<KernelCall> PlanDense(LayerContext layer, Conv conv, FourierGrid grid, IReadOnlyList<TensorView> views, TensorView output)
    {
        (TensorView x, Isa isa) = (views[0], layer.Isa);
        FourierProductPlan product = new(
            isa, $"Conv2d_FftProduct_{grid.Tag}_{grid.Tiles}x{x.C}x{conv.OutChannels}" + (conv.Groups > 1 ? $"G{conv.Groups}" : ""),
            $"Products of the {grid.Bins} bins of {grid.Tiles} tiles, {x.C} to {conv.OutChannels} channels, bias added.", grid)
        {
            Groups = conv.Groups,
            InChannels = x.C / conv.Groups,
            OutVectors = ((output.C / conv.Groups) + grid.Lanes - 1) / grid.Lanes,
            Register = Cut.Evenly(grid.Tiles, MaxRegisterTiles(isa)),
        };
        Temporary inBins = new("spectra of the input", (long)grid.Bins * grid.BinBytes(x.Blocks)), outBins = new("spectra of the output", (long)grid.Bins * grid.BinBytes(output.Blocks));
        FourierForwardPlan forward = new(isa, $"Conv2d_FftForward_{grid.Tag}_{x.C}x{x.H}x{x.W}", $"Spectra of tiles of {x.Shape}.", new FourierPlanes(grid, x.Blocks, First(grid, x)))
        {
            ScratchBytes = grid.TileBytes + grid.BetweenBytes,
        };
        FourierEpilogue epilogue = EpilogueOf(layer, views);
        FourierInversePlan inverse = new(
            isa, $"Conv2d_FftInverse_{grid.Tag}_{output.C}x{output.H}x{output.W}" + layer.Node.Epilogue.Tag(),
            $"Spectra of tiles to {output.Shape}{layer.Node.Epilogue.Summary()}.", new FourierPlanes(grid, output.Blocks, PlaneStrides.Of(output)), epilogue)
        {
            ScratchBytes = grid.TileBytes + grid.BetweenBytes,
        };
        FourierRecipe recipe = Recipe(layer, conv, grid, product.InChannels, depthwise: false, product.WeightBytes);
        return
        [
            new KernelCall(forward) { Target = inBins },
            new KernelCall(product, -1, -1, recipe) { Source = inBins, Target = outBins },
            new KernelCall(inverse, -1, epilogue.Residual is null ? -1 : 1) { Source = outBins },
        ];
    }

    private static KernelCall PlanDepthwise(LayerContext layer, Conv conv, FourierGrid grid, IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        FourierEpilogue epilogue = EpilogueOf(layer, views);
        FourierDepthwisePlan plan = new(
            layer.Isa, $"Conv2d_FftDepthwise_{grid.Tag}_{x.C}x{output.H}x{output.W}" + layer.Node.Epilogue.Tag(),
            $"Depthwise convolution in the Fourier domain, {x.Shape} to {output.Shape}, bias added{layer.Node.Epilogue.Summary()}.",
            new FourierPlanes(grid, x.Blocks, First(grid, x)), new FourierPlanes(grid, output.Blocks, PlaneStrides.Of(output)), epilogue)
        {
            ScratchBytes = grid.TileBytes + grid.BetweenBytes + (grid.Rows.Size * grid.ComplexBytes),
        };
        return new KernelCall(plan, 0, epilogue.Residual is null ? -1 : 1, Recipe(layer, conv, grid, 1, depthwise: true, plan.WeightBytes));
    }

    /// <summary>Sums of a tile take two registers; the weights two more, and a pixel one.</summary>
    private static int MaxRegisterTiles(Isa isa) => (isa.Registers() - (isa.EmbedsBroadcast() ? 4 : 3)) / 2;

    private static FourierRecipe Recipe(LayerContext layer, Conv conv, FourierGrid grid, int inChannels, bool depthwise, long bytes)
    {
        FourierTaps taps(WindowAxis window, FourierAxis axis) => new(window.Kernel, window.Dilation, axis.Shift, axis.Size);
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        int groups = depthwise ? 1 : conv.Groups;
        return new FourierRecipe(
            ConvWeights.Of(layer.Node, conv.Bias), groups, conv.OutChannels / groups, inChannels,
            taps(window.Rows, grid.Rows), taps(window.Columns, grid.Columns), grid.Lanes, depthwise, bytes);
    }

    /// <summary>The input with the first pixel that is read as its origin.</summary>
    private static PlaneStrides First(FourierGrid grid, TensorView x) =>
        PlaneStrides.Of(x) with { Origin = x.OriginBytes - (grid.Rows.Lead * x.RowBytes) - (grid.Columns.Lead * x.PixelBytes) };

    private static FourierEpilogue EpilogueOf(LayerContext layer, IReadOnlyList<TensorView> views) =>
        new(layer.Node.Epilogue.Residual ? PlaneStrides.Of(views[1]) : null, layer.Node.Epilogue.Activation);
}
