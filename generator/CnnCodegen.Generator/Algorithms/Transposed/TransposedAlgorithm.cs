using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Emission;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Transposed;

/// <summary>Transposed convolution by the polyphase rule: a direct convolution of stride 1 for each of the stride's phases.</summary>
internal sealed class TransposedAlgorithm : IAlgorithm
{
    public const string Id = "transposed";

    public string Name => Id;

    public bool Considers(Layer layer) => layer is ConvTranspose;

    public Claim Claim(LayerContext layer)
    {
        ConvTranspose conv = (ConvTranspose)layer.Layer;
        TensorShape x = layer.InputShapes[0], y = layer.Node.Shape;
        if (conv.Window.Rank > 2) return Algorithms.Claim.Decline("3-D convolution");
        if (layer.ActivationRefusal is { } activation) return Algorithms.Claim.Decline(activation);
        if (layer.GroupsRefusal(conv.Groups, conv.OutChannels) is { } groups) return Algorithms.Claim.Decline(groups);

        PlaneWindow window = PlaneWindow.Of(conv.Window);
        int last = x.Rank - 1;
        IReadOnlyList<Phase> rows = Phase.Of(window.Rows, x.Rank > 3 ? y[2] : 1), columns = Phase.Of(window.Columns, y[last]);
        if (rows.Concat(columns).Any(phase => phase.Taps.Count == 0)) return Algorithms.Claim.Decline("no tap of the kernel reaches some of the outputs");

        Border border = new(Before(rows), Before(columns), Behind(rows, x.Rank > 3 ? x[2] : 1), Behind(columns, x[last]));
        TensorShape bordered = TensorShape.Of(x[0], x[1], (x.Rank > 3 ? x[2] : 1) + border.Top + border.Bottom, x[last] + border.Left + border.Right);
        if (bordered.BlockedElements > TensorShape.MaxBlockedElements) return Algorithms.Claim.Decline($"the input with its border, {bordered}, is too large");

        List<Need> needs = [new(Form.Blocked, border)];
        if (layer.Node.Epilogue.Residual) needs.Add(new Need(Form.Blocked));
        string reason = rows.Count * columns.Count == 1 ? "a convolution with the kernel turned round" : $"{rows.Count} x {columns.Count} phases, each a convolution of stride 1";
        return new Claimed(reason, needs, Form.Blocked, InPlace: false, (views, output) =>
            rows.SelectMany(row => columns.Select(column => Plan(layer, conv, window, row, column, views, output))).ToArray());
    }

    public void Emit(KernelPlan plan, SourceWriter writer) => new DirectEmitter((DirectPlan)plan, writer).Emit();

    private static int Before(IReadOnlyList<Phase> phases) => Math.Max(0, -phases.Min(phase => phase.Start));

    private static int Behind(IReadOnlyList<Phase> phases, int extent) => Math.Max(0, phases.Max(phase => phase.End) - extent);

    /// <summary>The convolution of one phase: its kernel is every stride-th tap, its pixels are every stride-th of the output.</summary>
    private static KernelCall Plan(LayerContext layer, ConvTranspose conv, PlaneWindow window, Phase row, Phase column, IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        bool hasResidual = layer.Node.Epilogue.Residual;
        PlaneStrides every(TensorView view) => new(
            view.ImageBytes, view.BlockBytes, window.Rows.Stride * view.RowBytes, window.Columns.Stride * view.PixelBytes,
            view.OriginBytes + (row.Index * view.RowBytes) + (column.Index * view.PixelBytes));

        DirectPlan plan = new(layer.Isa, "", Summary(layer, window, row, column), 1)
        {
            Algorithm = Id,
            Images = x.N,
            Groups = conv.Groups,
            InChannels = x.C / conv.Groups,
            ChannelBlock = layer.Isa.Lanes(),
            KernelH = row.Taps.Count,
            KernelW = column.Taps.Count,
            OutH = row.Count,
            OutW = column.Count,
            OutChannels = conv.OutChannels / conv.Groups,
            Input = new PlaneStrides(x.ImageBytes, x.BlockBytes, x.RowBytes, x.PixelBytes, x.OriginBytes + (row.Start * x.RowBytes) + (column.Start * x.PixelBytes)),
            InChannel = x.ChannelBytes,
            TapRow = row.Step * x.RowBytes,
            TapColumn = column.Step * x.PixelBytes,
            Output = every(output),
            Residual = hasResidual ? every(views[1]) : null,
            Activation = layer.Node.Epilogue.Activation,
        };
        string name = $"ConvTranspose_Transposed_{window.Tag}{(conv.Groups > 1 ? $"G{conv.Groups}" : "")}P{row.Index}x{column.Index}_{x.C}x{output.H}x{output.W}x{conv.OutChannels}";
        KernelCall call = DirectAlgorithm.Finish(plan, name, layer, conv.Bias, hasResidual, x.ImageBytes / conv.Groups);
        EquatableArray<int> taps = row.Taps.SelectMany(r => column.Taps.Select(c => (r * window.Columns.Kernel) + c)).ToEquatableArray();
        return call with { Weights = new TransposedRecipe((DirectRecipe)call.Weights!, window.Taps, taps) };
    }

    private static string Summary(LayerContext layer, PlaneWindow window, Phase row, Phase column)
    {
        string text = $"Transposed {window.Rows.Kernel}x{window.Columns.Kernel} convolution, {layer.InputShapes[0]} to {layer.Node.Shape}";
        if (window.Rows.Stride * window.Columns.Stride > 1) text += $", the output pixel ({row.Index}, {column.Index}) of every {window.Rows.Stride} x {window.Columns.Stride}";
        return text + ", bias added" + layer.Node.Epilogue.Summary() + ".";
    }
}
