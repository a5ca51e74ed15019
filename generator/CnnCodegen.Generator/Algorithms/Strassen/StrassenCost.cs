using CnnCodegen.Generator.Algorithms.Direct;
using CnnCodegen.Generator.Model;
using CnnCodegen.Generator.Planning;

namespace CnnCodegen.Generator.Algorithms.Strassen;

/// <summary>Into how many strips of rows a plane is cut, each a problem of its own, and what they are estimated to cost.</summary>
/// <param name="layer">The layer.</param>
/// <param name="conv">The layer, as what it is.</param>
internal sealed class StrassenCost(LayerContext layer, Conv conv)
{
    /// <summary>Strips that are enough: threads that have one each do not form its sums twice.</summary>
    private const int WantedStrips = 4;

    /// <summary>Pixels of half a strip below which its weights are read for too little.</summary>
    private const int MinPixels = 96;

    /// <summary>Instructions for each vector of sums: four loads, four sums and four stores, which mostly leave the second-level cache.</summary>
    private const double SumInstructions = 34;

    /// <summary>Instructions for each vector of half the channels and half the pixels of results, which are copied, added twice and finished.</summary>
    private const double ResultInstructions = 20;

    private readonly PlaneWindow _window = PlaneWindow.Of(conv.Window);
    private readonly TensorShape _y = layer.Node.Shape;

    /// <summary>As many strips as threads want, if each is large enough.</summary>
    public int Strips
    {
        get
        {
            for (int strips = WantedStrips; strips > 1; strips--)
                if (_y[2] % (2 * strips) == 0 && HalfPixels(strips) >= MinPixels) return strips;
            return 1;
        }
    }

    /// <summary>Bytes of the four sums of a strip, each of half its channels and half its pixels.</summary>
    public long SumBytes => 4L * (layer.InputShapes[0][1] / 2) * HalfInput * sizeof(float);

    public Cost Estimate
    {
        get
        {
            Isa isa = layer.Isa;
            int strips = Strips, pixels = HalfPixels(strips), planes = _y[0] * strips;
            int inHalf = layer.InputShapes[0][1] / 2, outHalf = conv.OutChannels / 2;

            // Tiles of a 1x1 convolution mostly do not end where rows do.
            int rows = _window.Taps == 1 || _y.Rank < 4 ? 1 : _y[2] / (2 * strips);
            RegisterTile tile = TileChooser.Choose(isa, rows, pixels / rows, outHalf / isa.Lanes());
            Cost products = DirectCost.Of(isa, tile, StrassenPlan.Products * planes, pixels, outHalf, inHalf, _window.Taps, groups: 1);
            double sums = SumInstructions * planes * HalfInput * (inHalf / isa.Lanes());
            double results = ResultInstructions * planes * pixels * (outHalf / isa.Lanes());
            return products with { Others = products.Others + sums + results, FarBytes = StrassenPlan.Products * strips * products.FarBytes };
        }
    }

    /// <summary>Pixels of the output of half a strip.</summary>
    private int HalfPixels(int strips) => _y[2] / (2 * strips) * (_y.Rank > 3 ? _y[3] : 1);

    /// <summary>Pixels of the input that half a strip reads; a 1x1 convolution with a stride reads a copy without gaps.</summary>
    private long HalfInput
    {
        get
        {
            long read(WindowAxis axis, int outputs) => ((outputs - 1L) * (_window.Taps == 1 ? 1 : axis.Stride)) + axis.Extent;
            int half = _y[2] / (2 * Strips);
            return _y.Rank > 3 ? read(_window.Rows, half) * read(_window.Columns, _y[3]) : read(_window.Columns, half);
        }
    }
}
