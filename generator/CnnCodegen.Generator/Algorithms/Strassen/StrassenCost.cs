using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>What the sums and the products are estimated to cost.</summary>
/// <param name="layer">The layer.</param>
/// <param name="conv">The layer, as what it is.</param>
internal sealed class StrassenCost(LayerContext layer, Conv conv)
{
    /// <summary>Instructions for each vector of sums: four loads, four sums and four stores, which mostly leave the second-level cache.</summary>
    private const double SumInstructions = 34;

    /// <summary>Instructions for each vector of half the channels and half the pixels of results, which three additions pass over.</summary>
    private const double ResultInstructions = 20;

    private readonly PlaneWindow _window = PlaneWindow.Of(conv.Window);
    private readonly TensorShape _y = layer.Node.Shape;

    /// <summary>Bytes of the sums, each of half the channels and half the pixels.</summary>
    public long SumBytes => (long)SumLayout.Count * layer.InputShapes[0][0] * (layer.InputShapes[0][1] / 2) * HalfInput * sizeof(float);

    public Cost Estimate
    {
        get
        {
            Isa isa = layer.Isa;
            int images = _y[0], pixels = _y[2] / 2 * (_y.Rank > 3 ? _y[3] : 1);
            int inHalf = layer.InputShapes[0][1] / 2, outHalf = conv.OutChannels / 2;

            // Tiles of a 1x1 convolution mostly do not end where rows do.
            int rows = _window.Taps == 1 || _y.Rank < 4 ? 1 : _y[2] / 2;
            RegisterTile tile = TileChooser.Choose(isa, rows, pixels / rows, outHalf / isa.Lanes());
            Cost products = DirectCost.Of(isa, tile, StrassenPlan.Products * images, pixels, outHalf, inHalf, _window.Taps, groups: 1);
            double sums = SumInstructions * images * HalfInput * (inHalf / isa.Lanes());
            double results = ResultInstructions * images * pixels * (outHalf / isa.Lanes());
            return products with { Others = products.Others + sums + results, FarBytes = StrassenPlan.Products * products.FarBytes };
        }
    }

    /// <summary>Pixels of the input that half the outputs read; a 1x1 convolution with a stride reads a copy without gaps.</summary>
    private long HalfInput
    {
        get
        {
            long read(WindowAxis axis, int outputs) => ((outputs - 1L) * (_window.Taps == 1 ? 1 : axis.Stride)) + axis.Extent;
            int half = _y[2] / 2;
            return _y.Rank > 3 ? read(_window.Rows, half) * read(_window.Columns, _y[3]) : read(_window.Columns, half);
        }
    }
}
