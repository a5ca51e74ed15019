using CnnCodegen.Generator.Algorithms.Pooling;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Direct;

/// <summary>Where the pixels of a convolution lie: what all algorithms with the direct tiles have in common.</summary>
internal static class DirectGeometry
{
    /// <summary>Vectors of output channels from which a strided 1x1 convolution reads a copy of the pixels that its stride reaches.</summary>
    private const int MinSubsampledVectors = 8;

    /// <summary>
    /// A 1x1 convolution with a stride uses a part of each cache line it reads, and reads it again for each tile of output channels: where
    /// those are many, a copy of the pixels it uses costs less.
    /// </summary>
    public static bool Subsamples(LayerContext layer, Conv conv, Form input)
    {
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        return input == Form.Blocked && window.Taps == 1 && window is { Rows: { Stride: > 1, PadBegin: 0, PadEnd: 0 }, Columns: { Stride: > 1, PadBegin: 0, PadEnd: 0 } }
            && conv.OutChannels / conv.Groups / layer.Isa.Lanes() >= MinSubsampledVectors;
    }

    /// <summary>The calls that <paramref name="plan"/> makes for a window and inputs, after a copy of the pixels that the stride reaches where that pays.</summary>
    public static IReadOnlyList<KernelCall> Calls(
        LayerContext layer, Conv conv, IReadOnlyList<TensorView> views, Func<PlaneWindow, IReadOnlyList<TensorView>, IReadOnlyList<KernelCall>> plan, TensorView output)
    {
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        TensorView x = views[0];
        if (!Subsamples(layer, conv, x.Form)) return plan(window, views);

        TensorView pixels = new(TensorShape.Of(x.N, x.C, output.H, output.W), Form.Blocked, Border.None, x.Block);
        Temporary temporary = new("pixels", pixels.Bytes);
        WindowAxis single = new(1, 1, 1, 0, 0);
        IReadOnlyList<KernelCall> calls = plan(new PlaneWindow(single, single), [pixels, .. views.Skip(1)]);
        return [new KernelCall(PoolAlgorithm.Subsample(layer.Isa, window, x, pixels)) { Target = temporary }, .. calls.Select(call => call with { Source = temporary })];
    }

    /// <summary>A plan with distances and extents; tile, passes and bands are still to be chosen.</summary>
    public static DirectPlan Of(LayerContext layer, Conv conv, PlaneWindow window, IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        (WindowAxis rows, WindowAxis columns) = window;
        TensorView? residual = layer.Node.Epilogue.Residual ? views[1] : null;

        // A 1x1 convolution sees a plane without border as one long row: its tiles do not end where the image's rows do.
        bool oneRow = rows is { Kernel: 1, Stride: 1 } && columns is { Kernel: 1, Stride: 1 }
            && x.Border.IsEmpty && output.Border.IsEmpty && (residual is null || residual.Border.IsEmpty);

        return new(layer.Isa, "", Summary(layer, $"Direct {rows.Kernel}x{columns.Kernel} convolution"), 1)
        {
            Images = x.N,
            Groups = conv.Groups,
            InChannels = x.C / conv.Groups,
            ChannelBlock = x.Form == Form.Blocked ? layer.Isa.Lanes() : x.C,
            KernelH = rows.Kernel,
            KernelW = columns.Kernel,
            OutH = oneRow ? 1 : output.H,
            OutW = oneRow ? output.H * output.W : output.W,
            OutChannels = conv.OutChannels / conv.Groups,
            Input = new PlaneStrides(
                x.ImageBytes, x.BlockBytes, rows.Stride * x.RowBytes, columns.Stride * x.PixelBytes, x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes)),
            InChannel = x.ChannelBytes,
            TapRow = rows.Dilation * x.RowBytes,
            TapColumn = columns.Dilation * x.PixelBytes,
            Output = PlaneStrides.Of(output),
            Residual = residual is null ? null : PlaneStrides.Of(residual),
            Activation = layer.Node.Epilogue.Activation,
        };
    }

    /// <summary>For a kernel's name: window, groups and shapes.</summary>
    public static string Tag(Conv conv, PlaneWindow window, TensorView x, TensorView output) =>
        $"{window.Tag}{(conv.Groups > 1 ? $"G{conv.Groups}" : "")}_{x.C}x{output.H}x{output.W}x{conv.OutChannels}";

    public static string Summary(LayerContext layer, string what) =>
        $"{what}, {layer.InputShapes[0]} to {layer.Node.Shape}, bias added{layer.Node.Epilogue.Summary()}.";
}
