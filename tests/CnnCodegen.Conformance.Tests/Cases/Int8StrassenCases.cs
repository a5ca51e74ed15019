using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>
/// 1x1 convolutions of codes by seven products of halves: planes with and without a second half of as many pixels, strips of two sizes, strides,
/// borders on both sides, and codes and weights at the ends of their ranges. Integers leave no rounding error.
/// </summary>
internal static class Int8StrassenCases
{
    public static IEnumerable<Case> All =>
    [
        // Even and odd planes, down to one pixel.
        Conv("Int8Strassen_Even", 32, Codes(0, 255, 128), 1, 32, 6, 8),
        Conv("Int8Strassen_Odd", 64, Codes(0, 255, 3), 1, 32, 7, 5),
        Conv("Int8Strassen_Batch3", 32, Codes(-128, 127, -5), 3, 64, 5, 5),
        Conv("Int8Strassen_OnePixel", 32, Codes(0, 255, 31), 1, 32, 1, 1),
        Conv("Int8Strassen_TwoPixels", 32, Codes(0, 255, 255), 1, 32, 1, 2),
        Conv("Int8Strassen_1D", 32, Codes(0, 255, 9), Generator.Model.Window.Square(1, 1, 1, 0), 2, 32, 37),

        // Strips of one size and of two, parts of the channels, weights that are brought closer.
        Conv("Int8Strassen_Strips", 32, Codes(0, 255, 99), 1, 256, 24, 28),
        Conv("Int8Strassen_UnevenStrips", 32, Codes(0, 200, 9), 1, 256, 23, 31),
        Conv("Int8Strassen_Parts", 224, Codes(0, 255, 99), 1, 96, 5, 7),
        Conv("Int8Strassen_Prefetched", 256, Codes(0, 255, 99), 2, 160, 5, 3),

        // Strides and borders: neither pixels read nor those written lie in one row.
        Conv("Int8Strassen_Stride2", 64, Codes(0, 255, 77), Window((1, 1), (2, 2)), 2, 32, 9, 7),
        Conv("Int8Strassen_Stride1x3", 32, Codes(0, 255, 77), Window((1, 1), (1, 3)), 1, 64, 6, 11),
        Case.Exact("Int8Strassen_Borders", b =>
        {
            int x = Quantized(b, b.Input(2, 32, 7, 5), 30), wide = b.Add("c1", new Conv(32, Window((3, 3), pads: (1, 1, 1, 1))) { Refinement = new Int8() }, x);
            int y = Rescaled(b, "q1", Strassen(b, "c2", x, 32));
            return [b.Add("c3", new Conv(7, Window((3, 3), pads: (1, 1, 1, 1))) { Refinement = new Int8() }, y), wide];
        }),

        // All weights and codes at one end of their ranges or the other: factors reach 510, combined weights 508.
        .. new[] { 0, 255 }.Select(zero => Case.Exact($"Int8Strassen_Corners{zero}", b =>
        {
            int x = b.Add("q", Codes(0, 255, zero), b.Add("big", new Activation(ActivationKind.Affine, 1000), b.Input(1, 64, 5, 6)));
            return [Strassen(b, "y", x, 32)];
        })),

        Case.Exact("Int8Strassen_Signs", b =>
            [Rescaled(b, "y", b.Add("c", Layer(64, Window((1, 1))) with { Refinement = new BinaryWeight() }, Quantized(b, b.Input(1, 32, 5, 6), 5)))]),

        // Floats out, and everything that is fused.
        Case.Exact("Int8Strassen_Floats_Relu", b => [b.Relu("r", Strassen(b, "y", Quantized(b, b.Input(1, 32, 5, 7), 5), 64))]),
        Case.Exact("Int8Strassen_Floats_Norm_Residual", b =>
        {
            int x = b.Input(1, 32, 5, 7), conv = Strassen(b, "c", Quantized(b, x, 5), 32);
            return [b.Relu("r", b.Sum("sum", b.Add("bn", new BatchNorm(0), conv), x))];
        }),
        Case.Exact("Int8Strassen_Codes_Residual", b =>
        {
            int x = Quantized(b, b.Input(2, 32, 5, 7), 5);
            return [Rescaled(b, "q2", b.Relu("r", b.Sum("sum", Strassen(b, "c2", Rescaled(b, "q1", Strassen(b, "c1", x, 64)), 32), x)))];
        }),
        Case.Exact("Int8Strassen_Sum", b =>
        {
            int x = Quantized(b, b.Input(2, 32, 5, 7), 5), last = Rescaled(b, "q2", Strassen(b, "c2", Rescaled(b, "q1", Strassen(b, "c1", x, 64)), 32));
            return [b.Add("q3", new Activation(ActivationKind.Quantize, 512, 31) { High = 255 }, b.Relu("r", b.Sum("sum", last, x)))];
        }),
        Case.Real("Int8Strassen_Real_Residual", b =>
        {
            int x = b.Add("q", new Activation(ActivationKind.Quantize, 0.013f, 93) { High = 255 }, b.Input(1, 32, 6, 7));
            int block = b.Add("q1", new Activation(ActivationKind.Quantize, 0.11f, 121) { High = 255 }, Strassen(b, "c1", x, 32));
            int sum = b.Sum("sum", Strassen(b, "c2", block, 32), x);
            return [b.Add("q2", new Activation(ActivationKind.Quantize, 0.7f, 11) { High = 255 }, b.Relu("r", sum))];
        }),
    ];

    private static Case Conv(string name, int channels, Activation codes, params int[] input) => Conv(name, channels, codes, Window((1, 1)), input);

    private static Case Conv(string name, int channels, Activation codes, Window window, params int[] input) => Case.Exact(name, b =>
    {
        int x = b.Add("q", codes, b.Add("wide", new Activation(ActivationKind.Affine, 60), b.Input(input)));
        return [Rescaled(b, "y", b.Add("c", Layer(channels, window), x))];
    });

    private static int Strassen(NetworkBuilder builder, string name, int x, int channels) => builder.Add(name, Layer(channels, Window((1, 1))), x);

    private static Conv Layer(int channels, Window window) => new(channels, window) { Refinement = new Int8(), Algorithm = Generator.Model.ConvAlgorithm.Int8Strassen };

    private static Activation Codes(int low, int high, int zero) => new(ActivationKind.Quantize, 1, zero) { Low = low, High = high };

    private static int Quantized(NetworkBuilder builder, int x, int zero) =>
        builder.Add("q", Codes(0, 255, zero), builder.Add("wide", new Activation(ActivationKind.Affine, 60), x));

    private static int Rescaled(NetworkBuilder builder, string name, int x) => builder.Add(name, new Activation(ActivationKind.Quantize, 1024, 100) { High = 255 }, x);
}
