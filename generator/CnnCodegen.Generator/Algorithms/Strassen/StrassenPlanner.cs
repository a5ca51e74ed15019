using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>Turns a claimed layer with known views into the call of its kernel.</summary>
internal static class StrassenPlanner
{
    public static KernelCall Plan(LayerContext layer, Conv conv, int strips, PlaneWindow window, IReadOnlyList<TensorView> views, TensorView output)
    {
        DirectPlan whole = DirectGeometry.Of(layer, conv, window, views, output);
        bool isRow = whole.OutH == 1;
        int halves = 2 * strips, vectors = whole.OutVectors / 2;
        DirectPlan half = whole with
        {
            OutH = isRow ? 1 : whole.OutH / halves,
            OutW = isRow ? whole.OutW / halves : whole.OutW,
            InChannels = whole.InChannels / 2,
            OutChannels = StrassenPlan.Products * whole.OutChannels / 2,
            Chain = StrassenPlan.LongestChain,
            Unroll = DirectAlgorithm.Divisor(whole.ChannelBlock, whole.InChannels / 2),
            Bands = new Cut(1, 1, 1),
        };
        half = half with { Register = TileChooser.Choose(half.Isa, half.OutH, half.OutW, vectors) };
        half = half with { BlocksPerPass = DirectAlgorithm.FittingBlocks(half), Bands = new Cut(half.Register.Steps, 1, 1) };

        int distance(PlaneStrides? strides) => strides is null ? 0 : isRow ? half.OutW * strides.Column : half.OutH * strides.Row;
        int read = ((half.OutH - 1) * half.Input.Row) + ((window.Rows.Kernel - 1) * half.TapRow)
            + ((half.OutW - 1) * half.Input.Column) + ((window.Columns.Kernel - 1) * half.TapColumn) + views[0].PixelBytes;
        StrassenPlan plan = new(
            layer.Isa,
            $"Conv2d_Strassen_{DirectGeometry.Tag(conv, window, views[0], output)}_{(strips > 1 ? $"S{strips}" : "")}{half.Register.Tag}{layer.Node.Epilogue.Tag()}",
            DirectGeometry.Summary(layer, $"Strassen {window.Rows.Kernel}x{window.Columns.Kernel} convolution"),
            half.Images * strips * (half.VectorGroups / StrassenPlan.Products))
        {
            Product = half,
            Strips = strips,
            InputHalf = distance(half.Input),
            OutputHalf = distance(half.Output),
            ResidualHalf = distance(half.Residual),
            ReadBytes = read,
            SumBlock = (int)Alignment.Up(read),
        };
        DirectRecipe order = new(
            ConvWeights.Of(layer.Node, conv.Bias), 1, half.OutChannels, half.InChannels, half.Taps, half.Lanes, half.Register.Blocks, half.ChannelBlock, half.BiasBytes, half.WeightBytes);
        return new KernelCall(plan with { ScratchBytes = checked(4 * plan.SumBytes) }, 0, half.Residual is null ? -1 : 1, new StrassenRecipe(order, conv.OutChannels, 2 * half.InChannels));
    }
}
