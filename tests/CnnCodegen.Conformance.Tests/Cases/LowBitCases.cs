using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>
/// Layers whose weights have one or a few bits and whose activations are codes, in integers: signs, ternary weights and grids; codes and floats out;
/// odd sizes, every kind of border, norms of both signs.
/// </summary>
internal static class LowBitCases
{
    /// <summary>By integers: what rounds more than the direct algorithm is left out.</summary>
    public static IEnumerable<Case> All => Networks.Select(source => source with { Model = source.Model with { Accuracy = Generator.Model.Accuracy.Strict } });

    private static IEnumerable<Case> Networks =>
    [
        Case.Exact("LowBit_Signs_Codes", b => [Codes(b, "q1", 15, Conv(b, "c", Codes(b, "q0", 3, b.Input(1, 21, 6, 7)), 20, new BinaryWeight()))]),
        Case.Exact("LowBit_Signs_Image", b => [b.Add("s", new Activation(ActivationKind.Binarize), Conv(b, "c", Codes(b, "q0", 255, b.Input(2, 3, 9, 8)), 70, new BinaryWeight()))]),
        Case.Exact("LowBit_Signs_Floats", b => [b.Relu("r", Conv(b, "c", Codes(b, "q0", 255, b.Input(1, 13, 5, 6)), 19, new BinaryWeight()))]),
        Case.Exact("LowBit_Ternary", b => [Codes(b, "q1", 7, Conv(b, "c", Codes(b, "q0", 7, b.Input(1, 10, 6, 7)), 12, new Bitwise(0.25)))]),
        Case.Exact("LowBit_Linear", b => [b.Add("y", new Linear(9) { Refinement = new BinaryWeight() }, Codes(b, "q0", 3, b.Input(2, 5, 3, 4)))]),
        Case.Exact("LowBit_Depthwise", b =>
            [Codes(b, "q1", 15, b.Add("c", new Conv(16, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 16) { Refinement = new BinaryWeight() }, Codes(b, "q0", 15, b.Input(1, 16, 5, 6))))]),
        Grid("LowBit_Grid2", 2, 3, 1, 21, 6, 7),
        Grid("LowBit_Grid4", 4, 15, 2, 12, 5, 9),
        Grid("LowBit_Grid7", 7, 255, 1, 8, 6, 5),
        Grid("LowBit_Grid8", 8, 255, 1, 8, 6, 5),
        Grid("LowBit_Grid8_Winograd", 8, 15, 2, 20, 9, 8),
        Case.Real("LowBit_Grid8_Zero", b => [Conv(b, "c", b.Add("q0", new Activation(ActivationKind.Quantize, 0.5f, 7) { High = 255 }, b.Input(1, 5, 6, 7)), 11, new DoReFa(8))]),
        Case.Real("LowBit_Grid8_Pointwise", b => [b.Add("c", new Conv(64, Generator.Model.Window.Square(2, 1), Bias: false) { Refinement = new DoReFa(8) }, Levels(b, "q0", 255, b.Input(1, 64, 5, 7)))]),
        Case.Real("LowBit_Grid8_Depthwise", b => [b.Add("c", new Conv(16, Generator.Model.Window.Square(2, 3, 1, 1), 16) { Refinement = new DoReFa(8) }, Levels(b, "q0", 255, b.Input(1, 16, 5, 7)))]),
        Case.Real("LowBit_Grid8_Linear", b => [b.Add("y", new Linear(9) { Refinement = new DoReFa(8) }, Levels(b, "q0", 15, b.Input(2, 5, 3, 4)))]),
        // Planes of bits: channels around words and vectors, blocks that overlap, rows of every width.
        Planes("LowBit_Planes_C21", 3, 3, 21, 20, 7, 6),
        Planes("LowBit_Planes_C64", 1, 3, 64, 64, 9, 14),
        Planes("LowBit_Planes_C70_130", 7, 15, 70, 130, 5, 9),
        Planes("LowBit_Planes_C130_37_Square13", 15, 6, 130, 37, 13, 13),
        Planes("LowBit_Planes_30to30", 3, 1, 5, 12, 30, 30),
        Planes("LowBit_Planes_Wide40", 2, 3, 37, 18, 11, 40, batch: 2),
        Planes("LowBit_Planes_Wide64", 15, 15, 12, 8, 9, 64),
        Planes("LowBit_Planes_OnePixel", 3, 3, 66, 3, 1, 1, batch: 3),
        Case.Exact("LowBit_Planes_Dilated", b =>
        {
            Conv conv = new(70, Window((3, 2), pads: (3, 1, 2, 4), dilation: (2, 3))) { Refinement = new BinaryWeight(), Algorithm = Generator.Model.ConvAlgorithm.Sliced };
            return [Codes(b, "q1", 3, b.Add("norm", new BatchNorm(0), b.Add("c", conv, Codes(b, "q0", 3, b.Input(2, 66, 19, 12)))))];
        }),
        Case.Exact("LowBit_Planes_PadsWiderThanKernel", b =>
        {
            Conv conv = new(12, Window((2, 3), pads: (3, 4, 2, 3)), Bias: false) { Refinement = new BinaryWeight(), Algorithm = Generator.Model.ConvAlgorithm.Sliced };
            return [b.Add("q1", new Activation(ActivationKind.Quantize, 2, 1) { High = 6 }, b.Add("c", conv, Codes(b, "q0", 3, b.Input(1, 8, 3, 4))))];
        }),
        Case.Real("LowBit_Planes_Grid2", b => [Levels(b, "q1", 3, b.Add("norm", new BatchNorm(), b.Add("c", Sliced(24, 1, 2), Levels(b, "q0", 3, b.Input(1, 70, 8, 9)))))]),
        Case.Real("LowBit_Planes_Grid3", b => [Levels(b, "q1", 7, b.Add("norm", new BatchNorm(), b.Add("c", Sliced(24, 3, 3), Levels(b, "q0", 3, b.Input(1, 20, 6, 9)))))]),
        Case.Real("LowBit_Grid_Residual", b =>
        {
            int x = b.Input(1, 16, 6, 7), conv = Conv(b, "c1", Levels(b, "q0", 3, x), 16, new DoReFa(2));
            return [b.Relu("r", b.Sum("sum", b.Add("norm", new BatchNorm(), conv), x))];
        }),
    ];

    /// <summary>A chain of two layers with a norm between, in codes of 1 / levels.</summary>
    private static Case Grid(string name, int bits, int levels, params int[] input) => Case.Real(name, b =>
    {
        int x = Levels(b, "q0", levels, b.Input(input)), y = Levels(b, "q1", levels, b.Add("norm", new BatchNorm(), Conv(b, "c1", x, 20, new DoReFa(bits))));
        return [Conv(b, "c2", y, 7, new DoReFa(bits)), y];
    });

    /// <summary>Codes to codes by planes of bits, behind a norm.</summary>
    private static Case Planes(string name, int greatest, int greatestResult, int inChannels, int channels, int height, int width, int batch = 1) => Case.Exact(name, b =>
    {
        int conv = b.Add("c", Sliced(channels, 3, 1), Codes(b, "q0", greatest, b.Input(batch, inChannels, height, width)));
        return [b.Add("q1", new Activation(ActivationKind.Quantize, 4) { High = greatestResult }, b.Add("norm", new BatchNorm(0), conv))];
    });

    private static Conv Sliced(int channels, int kernel, int bits) => new(channels, Generator.Model.Window.Square(2, kernel, 1, kernel / 2))
    {
        Refinement = bits == 1 ? new BinaryWeight() : new DoReFa(bits),
        Algorithm = Generator.Model.ConvAlgorithm.Sliced,
    };

    private static int Codes(NetworkBuilder builder, string name, int high, int x) => builder.Add(name, new Activation(ActivationKind.Quantize, 1) { High = high }, x);

    private static int Levels(NetworkBuilder builder, string name, int levels, int x) =>
        builder.Add(name, new Activation(ActivationKind.Quantize, 1f / levels) { High = levels, Levels = levels }, x);

    private static int Conv(NetworkBuilder builder, string name, int x, int channels, Refinement refinement) =>
        builder.Add(name, new Conv(channels, Generator.Model.Window.Square(2, 3, 1, 1)) { Refinement = refinement }, x);
}
