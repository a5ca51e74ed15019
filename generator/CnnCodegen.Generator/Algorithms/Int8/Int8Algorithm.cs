using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Int8;

/// <summary>Convolutions and linear layers of codes whose weights are <see cref="WeightCodes"/>, in integers: see the README.</summary>
internal sealed class Int8Algorithm : IAlgorithm
{
    public const string Id = "int8";

    /// <summary>Sums below which a tile takes no less time, since each waits for the one before.</summary>
    private const int LatencySums = 8;

    /// <summary>Codes of a band that stay, widened to twice as much, in the second-level cache.</summary>
    private const int BandBudget = 80 * 1024;

    /// <summary>What the widened codes and twice the results may fill of it, since results come and go there; measured.</summary>
    private const int CacheBudget = 256 * 1024;

    /// <summary>Units of work below which the output channels are cut into parts, so that threads have something to share.</summary>
    private const int WantedUnits = 4;

    public string Name => Id;

    public bool Considers(Layer layer) => layer is WeightedLayer { Refinement.Codes: not null };

    public Claim Claim(LayerContext layer)
    {
        TensorShape x = layer.InputShapes[0];
        if (CodeGrid.Of(layer.InputGrids[0]) is not { } grid) return Algorithms.Claim.Decline("its input is not quantized to at most 256 codes");
        WeightCodes codes = layer.WeightCodes!;
        if (x.Rank > 4) return Algorithms.Claim.Decline("3-D convolution");
        if (layer.Grid is null && layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        int inChannels = x[1], groups = 1, taps = Linear.InFeatures(x) / x[1], lanes = Int8Plan.LanesOf(layer.Isa);
        Border border = Border.None;
        if (layer.Layer is Conv conv)
        {
            (groups, inChannels, taps) = (conv.Groups, x[1] / conv.Groups, PlaneWindow.Of(conv.Window).Taps);
            border = PlaneWindow.Borders(conv.Window, x, layer.Node.Shape);
            if (groups > 1 && (inChannels % 4 != 0 || conv.OutChannels / groups % lanes != 0))
                return Algorithms.Claim.Decline($"groups of {inChannels} to {conv.OutChannels / groups} channels are not whole words and vectors");
        }

        if ((long)inChannels * taps * grid.Max * codes.Greatest > int.MaxValue) return Algorithms.Claim.Decline($"sums of {inChannels * taps} products may exceed 32 bits");

        List<Need> needs = [new(Form.Codes, border)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(layer.InputCodes(1) is null ? Form.Blocked : Form.Codes));
        Form output = layer.Grid is null ? Form.Blocked : Form.Codes;
        return new Claimed("codes and weights of 8 bits", needs, output, InPlace: false, (views, y) => [Plan(layer, grid, groups, inChannels, views, y)])
        {
            Cost = Estimate(layer, inChannels, taps),
        };
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new Int8Emitter((Int8Plan)plan, writer).Emit();

    /// <summary>
    /// A dot product takes two channels, or four with VNNI, which most CPUs with AVX-512 have in its 256-bit form; the one of two channels
    /// comes with an addition, which is measured as half a dot product more. Few channels under a large window take twice as long; under a
    /// small one they take less longer than the changes of form that floats would need.
    /// </summary>
    private static Cost Estimate(LayerContext layer, int inChannels, int taps)
    {
        const int FewChannels = 8, SmallWindow = 9;
        Dot dot = Dot.Of(layer.Isa, layer.WeightCodes!)[0];
        double channels = (inChannels + 3) / 4 * 4 * (inChannels < FewChannels && taps > SmallWindow ? 2 : 1);
        double dots = layer.Node.Shape.Elements * channels * taps / Int8Plan.LanesOf(layer.Isa) * (layer.Isa switch { Isa.Avx512 when dot.Channels == 4 => 1 / 4.0, Isa.Portable => 1, _ => 1.5 / 2 });
        return new Cost(dots, 0, (double)layer.Node.Shape[1] * inChannels * taps * dot.WeightBytes);
    }

    private static KernelCall Plan(LayerContext layer, CodeGrid grid, int groups, int inChannels, IReadOnlyList<TensorView> views, TensorView y)
    {
        TensorView x = views[0];
        Epilogue epilogue = layer.Node.Epilogue;
        Int8Value output = Int8Value.Of(y, layer.Grid);
        Int8Value? residual = epilogue.Residual ? Int8Value.Of(views[1], layer.InputCodes(1)) : null;
        int lanes = Int8Plan.LanesOf(layer.Isa);
        bool linear = layer.Layer is Linear;
        PlaneWindow window = layer.Layer is Conv conv ? PlaneWindow.Of(conv.Window) : new PlaneWindow(new(x.H, 1, 1, 0, 0), new(x.W, 1, 1, 0, 0));
        (WindowAxis rows, WindowAxis columns) = window;

        // Taps side by side are one run of bytes, and so are rows of them that follow each other.
        int padded = (inChannels + 3) / 4 * 4;
        bool joinsColumns = groups == 1 && (columns.Dilation == 1 || columns.Kernel == 1);
        bool joinsRows = joinsColumns && (rows.Kernel == 1 || (rows.Dilation == 1 && columns.Kernel * x.PixelBytes == x.RowBytes));
        int runRows = joinsRows ? 1 : rows.Kernel, runColumns = joinsColumns ? 1 : columns.Kernel;

        // A linear layer sees each image as a pixel of one row, a 1x1 convolution the plane as one long row where no border is between its rows.
        bool oneRow = !linear && window.Taps == 1 && rows.Stride == 1 && columns.Stride == 1
            && x.Border.IsEmpty && y.Border.IsEmpty && (residual is null || views[1].Border.IsEmpty);
        (int outH, int outW) = linear ? (1, x.N) : oneRow ? (1, y.H * y.W) : (y.H, y.W);
        Int8Plan plan = new(layer.Isa, "", "", 1)
        {
            Images = linear ? 1 : x.N,
            Groups = groups,
            GroupBytes = inChannels,
            RunRows = runRows,
            RunColumns = runColumns,
            RunBytes = padded * window.Taps / (runRows * runColumns),
            TapRow = rows.Dilation * x.RowBytes,
            TapColumn = columns.Dilation * x.PixelBytes,
            WindowBytes = ((rows.Extent - 1) * x.RowBytes) + (columns.Extent * x.PixelBytes),
            Input = new PlaneStrides(
                x.ImageBytes, 0, rows.Stride * x.RowBytes, linear ? x.ImageBytes : columns.Stride * x.PixelBytes,
                x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes)),
            Output = linear ? ImagesAsColumns(output) : output,
            Residual = linear && residual is not null ? ImagesAsColumns(residual) : residual,
            Activation = output.Grid is null ? epilogue.Activation : null,
            OutVectors = output.Vectors(lanes),
        };
        plan = Cuts(plan, Dot.Of(layer.Isa, layer.WeightCodes!), outH, outW);
        Tiling tile = plan.Tilings[plan.Tilings.Count - 1];
        string what = linear ? "linear layer" : $"{rows.Kernel}x{columns.Kernel} convolution";
        string geometry = linear ? $"Linear_Int8_{x.N}x{x.C * x.H * x.W}" : $"Conv2d_Int8_{window.Tag}{(groups > 1 ? $"G{groups}" : "")}_{x.C}x{y.H}x{y.W}";
        plan = plan with
        {
            Name = $"{geometry}x{y.C}_T{tile.Rows.Size}x{tile.Columns.Size}x{tile.Vectors}{epilogue.Tag()}",
            Summary = $"Integer {what}, {x.Shape} in codes to {y.Shape} in {(output.Grid is null ? "floats" : "codes")}, bias added{epilogue.Summary()}.",
            Units = plan.Images * tile.Bands.Count * tile.Parts.Count,
        };
        Int8Recipe recipe = new(
            Int8Tensors.Of(layer.Node, layer.Layer is WeightedLayer { Bias: true }, grid, output, residual),
            groups, y.C / groups, inChannels, window.Taps, lanes, plan.OutVectors, plan.WeightBytes);
        return new KernelCall(plan, 0, epilogue.Residual ? 1 : -1, recipe);
    }

    private static Int8Value ImagesAsColumns(Int8Value value) => value with { Strides = value.Strides with { Column = value.Strides.Image } };

    /// <summary>Chooses the register tiles, the bands, the parts, and with them the memory for a band's widened codes.</summary>
    private static Int8Plan Cuts(Int8Plan plan, IReadOnlyList<Dot> dots, int outH, int outW)
    {
        Tiling[] tilings = [.. dots.Select(dot => Choose(dot, plan.Groups > 1 && plan.OutVectors / plan.Groups % 2 != 0 ? 1 : plan.OutVectors, outH, outW))];
        int steps = tilings.Min(t => t.Steps), groups = tilings.Min(t => Cut.CeilingOver(plan.OutVectors, t.Vectors));
        Tiling whole = tilings[tilings.Length - 1];
        long codes = BandBytes(plan, whole with { Bands = Cut.Into(whole.Steps, 1) }), results = (long)outH * outW * plan.OutVectors * plan.Lanes;
        int bands = (int)Math.Min(steps, Math.Max((codes + BandBudget - 1) / BandBudget, ((2 * (codes + results)) + CacheBudget - 1) / CacheBudget));
        int parts = Math.Min(groups, Cut.CeilingOver(WantedUnits, plan.Images * bands));
        plan = plan with { Tilings = tilings.Select(t => t with { Bands = Cut.Into(t.Steps, bands), Parts = Cut.Into(Cut.CeilingOver(plan.OutVectors, t.Vectors), parts) }).ToEquatableArray() };
        long widened = plan.Tilings.Max(t => t.Dot.CodeBytes > 1 ? t.Dot.CodeBytes * BandBytes(plan, t) : 0);
        return plan with { ScratchBytes = checked((int)Alignment.Up(widened)) };
    }

    /// <summary>
    /// The tile that takes the least time; of those the one with longer runs in memory. Two vectors waste one where they are odd; where they
    /// are not, one vector has no advantage over them, and reads more pixels at a time than ways of a cache may hold.
    /// </summary>
    private static Tiling Choose(Dot dot, int vectors, int outH, int outW) =>
        (from perTile in dot.MaxPairPixels == 0 || vectors == 1 ? new[] { 1 } : vectors % 2 == 0 ? [2] : [2, 1]
         let most = perTile == 2 ? dot.MaxPairPixels : dot.MaxPixels
         from rows in Enumerable.Range(1, Math.Min(most, outH))
         from columns in Enumerable.Range(1, Math.Min(most / rows, outW))
         let tiling = new Tiling(dot, Cut.Evenly(outH, rows), Cut.Evenly(outW, columns), perTile, default, default)
         orderby Cut.CeilingOver(vectors, perTile) * Cost(tiling)
         select tiling).First();

    private static double Cost(Tiling tiling) =>
        (from rows in tiling.Rows.Pieces
         from columns in tiling.Columns.Pieces
         select (double)rows.Count * columns.Count * (1 + Math.Max(LatencySums, CodeLoads(tiling) * tiling.Vectors * rows.Size * columns.Size) + (0.01 * rows.Size))).Sum();

    /// <summary>A sum takes a little longer where each loads its own codes.</summary>
    private static double CodeLoads(Tiling tiling) => tiling.Dot.MaxPairPixels > 0 && tiling.Vectors == 1 ? 1.05 : 1;

    /// <summary>The bytes of codes that the windows of the longest band reach.</summary>
    private static long BandBytes(Int8Plan plan, Tiling tiling)
    {
        int rows = tiling.BandsOfRows ? tiling.Bands.Size * tiling.Rows.Size : tiling.Rows.Size, columns = tiling.BandsOfRows ? tiling.Columns.Extent : tiling.Bands.Size * tiling.Columns.Size;
        return ((rows - 1) * (long)plan.Input.Row) + ((columns - 1) * (long)plan.Input.Column) + plan.WindowBytes;
    }
}
