using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;
using CnnCodegen.Generator.Support;

namespace CnnCodegen.Generator.Algorithms.Shapewise;

/// <summary>Cuts a convolution over a list of taps into tiles.</summary>
internal static class ShapewisePlanner
{
    /// <summary>The tiles of a convolution, before it is known where its operands lie.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="conv">Its convolution.</param>
    /// <param name="places">The most taps that are left.</param>
    /// <param name="unbordered">Planes have no border; those of a 1x1 convolution are one long row.</param>
    public static ShapewisePlan Geometry(LayerContext layer, Conv conv, int places, bool unbordered)
    {
        TensorView y = TensorView.Dense(layer.Node.Shape);
        bool oneRow = unbordered && PlaneWindow.Of(conv.Window) is { Taps: 1, Rows.Stride: 1, Columns.Stride: 1 };
        int vectors = (conv.OutChannels + layer.Isa.Lanes() - 1) / layer.Isa.Lanes() % 2 == 0 ? 2 : 1;

        // Beside the sums a pixel and the weights of a tap are in registers, and one is spare.
        int pixels = (layer.Isa.Registers() - 2 - vectors) / vectors;
        ShapewisePlan plan = new(layer.Isa, "", "")
        {
            Images = y.N,
            OutChannels = conv.OutChannels,
            OutH = oneRow ? 1 : y.H,
            Columns = Cut.Evenly(oneRow ? y.H * y.W : y.W, pixels),
            Vectors = vectors,
            Places = places,
            Activation = layer.Node.Epilogue.Activation,
        };
        return plan with { Units = plan.Images * plan.Tiles * plan.OutH };
    }

    public static KernelCall Plan(LayerContext layer, Conv conv, int places, IReadOnlyList<TensorView> views, TensorView output)
    {
        TensorView x = views[0];
        PlaneWindow window = PlaneWindow.Of(conv.Window);
        (WindowAxis rows, WindowAxis columns) = window;
        Epilogue epilogue = layer.Node.Epilogue;
        ShapewisePlan plan = Geometry(layer, conv, places, views.All(v => v.Border.IsEmpty) && output.Border.IsEmpty);
        plan = plan with
        {
            Name = $"Conv2d_Shapewise_{window.Tag}_{x.C}x{output.H}x{output.W}x{conv.OutChannels}_N{places}_T{plan.Columns.Size}x{plan.Vectors}{epilogue.Tag()}",
            Summary = $"{rows.Kernel}x{columns.Kernel} convolution with at most {places} taps, {x.Shape} to {output.Shape}, bias added{epilogue.Summary()}.",
            Input = new PlaneStrides(
                x.ImageBytes, x.BlockBytes, rows.Stride * x.RowBytes, columns.Stride * x.PixelBytes, x.OriginBytes - (rows.PadBegin * x.RowBytes) - (columns.PadBegin * x.PixelBytes)),
            Output = PlaneStrides.Of(output),
            Residual = epilogue.Residual ? PlaneStrides.Of(views[1]) : null,
        };
        EquatableArray<int> taps = (
            from u in Enumerable.Range(0, rows.Kernel)
            from v in Enumerable.Range(0, columns.Kernel)
            select (u * rows.Dilation * x.RowBytes) + (v * columns.Dilation * x.PixelBytes)).ToEquatableArray();
        ShapewiseRecipe recipe = new(ConvWeights.Of(layer.Node, conv.Bias), conv.OutChannels, layer.Isa.Lanes(), plan.Vectors, x.BlockBytes, taps, places, plan.WeightBytes);
        return new KernelCall(plan, 0, epilogue.Residual ? 1 : -1, recipe);
    }
}
