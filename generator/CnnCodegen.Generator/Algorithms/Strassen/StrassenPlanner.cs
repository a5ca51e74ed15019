using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>Turns a claimed layer with known views into the calls of its kernels.</summary>
internal static class StrassenPlanner
{
    /// <summary>Pixels of a band of half the plane below which its weights are read for too little, except where threads would get unequal shares.</summary>
    private const int MinPixels = 96;

    public static IReadOnlyList<KernelCall> Plan(LayerContext layer, Conv conv, PlaneWindow window, IReadOnlyList<TensorView> views, TensorView output)
    {
        DirectPlan whole = DirectGeometry.Of(layer, conv, window, views, output);
        bool isRow = whole.OutH == 1;
        int vectors = whole.OutVectors / 2;
        DirectPlan half = whole with
        {
            OutH = isRow ? 1 : whole.OutH / 2,
            OutW = isRow ? whole.OutW / 2 : whole.OutW,
            InChannels = whole.InChannels / 2,
            OutChannels = StrassenPlan.Products * whole.OutChannels / 2,
            Chain = StrassenPlan.LongestChain,
            Unroll = DirectAlgorithm.Divisor(whole.ChannelBlock, whole.InChannels / 2),
        };
        half = half with { Register = TileChooser.Choose(half.Isa, half.OutH, half.OutW, vectors) };
        half = half with { BlocksPerPass = DirectAlgorithm.FittingBlocks(half), Bands = Bands(half, vectors / half.Register.Blocks) };

        int distance(PlaneStrides? strides) => strides is null ? 0 : isRow ? half.OutW * strides.Column : half.OutH * strides.Row;
        int read = ((half.OutH - 1) * half.Input.Row) + ((window.Rows.Kernel - 1) * half.TapRow)
            + ((half.OutW - 1) * half.Input.Column) + ((window.Columns.Kernel - 1) * half.TapColumn) + views[0].PixelBytes;
        SumLayout layout = new(half.ChannelBlocks, distance(half.Input), read);
        Temporary temporary = new("sums", checked(half.Images * layout.ImageBytes));
        StrassenSumsPlan sums = new(
            layer.Isa,
            $"Conv2d_Strassen_{window.Tag}_{views[0].C}x{output.H}x{output.W}_Sums",
            $"Sums of the halves of {layer.InputShapes[0]} that Strassen's algorithm multiplies.",
            half.Images * half.ChannelBlocks)
        {
            Images = half.Images,
            Input = half.Input,
            Sums = layout,
        };
        StrassenPlan products = new(
            layer.Isa,
            $"Conv2d_Strassen_{DirectGeometry.Tag(conv, window, views[0], output)}_{half.Register.Tag}{layer.Node.Epilogue.Tag()}",
            DirectGeometry.Summary(layer, $"Strassen {window.Rows.Kernel}x{window.Columns.Kernel} convolution"),
            half.Images * half.Bands.Count * (half.VectorGroups / StrassenPlan.Products))
        {
            Product = half,
            Sums = layout,
            OutputHalf = distance(half.Output),
            ResidualHalf = distance(half.Residual),
        };
        DirectRecipe order = new(
            ConvWeights.Of(layer.Node, conv.Bias), 1, half.OutChannels, half.InChannels, half.Taps, half.Lanes, half.Register.Blocks, half.ChannelBlock, half.BiasBytes, half.WeightBytes);
        StrassenRecipe recipe = new(order, conv.OutChannels, 2 * half.InChannels);
        return [new KernelCall(sums) { Target = temporary }, new KernelCall(products, 0, half.Residual is null ? -1 : 1, recipe) { Third = temporary }];
    }

    /// <summary>
    /// Bands that are large enough, and give two threads as much each. A band is a range of rows of tiles, or of tiles along a row of pixels:
    /// tiles as high as half the plane are not cut.
    /// </summary>
    private static Cut Bands(DirectPlan half, int tiles)
    {
        RegisterTile register = half.Register;
        bool isHigh = half.OutH > 1 && register.Rows.Count == 1 && !register.Wraps;
        int bands = Math.Max(1, half.OutH * half.OutW / MinPixels);
        if (bands * tiles * half.Images % 2 != 0) bands++;
        bands = isHigh ? 1 : Math.Min(bands, register.Steps);
        return Cut.Evenly(register.Steps, (register.Steps + bands - 1) / bands);
    }
}
