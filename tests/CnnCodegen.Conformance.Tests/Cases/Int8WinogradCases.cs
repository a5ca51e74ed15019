using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>
/// Convolutions of codes by tiles of 2x2, 3x3 and 4x4 outputs: odd planes, strides and other kernels, tails of channels on both sides, blocks of
/// two sizes, parts of the output channels, and codes and weights at the ends of their ranges under every zero. Integers leave no rounding error.
/// </summary>
internal static class Int8WinogradCases
{
    public static IEnumerable<Case> All => [.. Of(2), .. Of(3), .. Of(4)];

    private static IEnumerable<Case> Of(int outputs) =>
    [
        // Even and odd planes, down to one pixel.
        Conv(outputs, "Even", 16, Codes(0, 255, 128), 1, 16, 6, 8),
        Conv(outputs, "OddRows", 32, Codes(0, 255, 3), 1, 32, 7, 6),
        Conv(outputs, "OddColumns_Batch3", 16, Codes(0, 255, 200), 3, 16, 4, 9),
        Conv(outputs, "Odd_Batch2", 24, Codes(0, 255, 77), 2, 16, 5, 7),
        Conv(outputs, "OnePixel", 16, Codes(0, 255, 31), 1, 16, 1, 1),
        Conv(outputs, "OneRow", 16, Codes(0, 255, 31), 1, 16, 1, 5),
        Conv(outputs, "Unpadded", 16, Codes(0, 255, 31), (0, 0, 0, 0), 1, 16, 5, 6),
        Conv(outputs, "AsymmetricPads", 16, Codes(0, 255, 31), (0, 3, 2, 1), 1, 16, 5, 6),

        // Channels in and out: words that overlap, one vector, half a vector, an odd number of vectors.
        Conv(outputs, "C13_K8", 8, Codes(0, 255, 9), 1, 13, 6, 6),
        Conv(outputs, "C18_K4", 4, Codes(0, 255, 255), 1, 18, 5, 6),
        Conv(outputs, "C21_K37", 37, Codes(-128, 127, -5), 1, 21, 7, 7),
        Conv(outputs, "C40_K19", 19, Codes(0, 200, 9), 2, 40, 5, 4),
        Conv(outputs, "C64_K30", 30, Codes(0, 255, 0), 1, 64, 9, 5),

        // Several blocks of tiles, of one size and of two, and parts of the channels in one block.
        Conv(outputs, "Blocks", 16, Codes(0, 255, 99), 1, 80, 33, 29),
        Conv(outputs, "UnevenBlocks", 40, Codes(0, 255, 99), 1, 64, 31, 27),
        Conv(outputs, "Parts", 112, Codes(0, 255, 99), 1, 48, 7, 7),
        Conv(outputs, "Prefetched", 64, Codes(0, 255, 99), 1, 96, 6, 7),

        // Kernels that move by more than one pixel, and others than 3x3.
        Strided(outputs, "S2", 16, Codes(0, 255, 128), 3, 2, 1, 1, 16, 12, 16),
        Strided(outputs, "S2_Odd_Batch2", 37, Codes(0, 255, 77), 3, 2, 1, 2, 21, 9, 15),
        Strided(outputs, "S2_OnePixel", 16, Codes(0, 255, 31), 3, 2, 1, 1, 16, 1, 1),
        Strided(outputs, "S2_Unpadded", 16, Codes(0, 255, 31), 3, 2, 0, 1, 16, 10, 7),
        Strided(outputs, "S2_UnevenBlocks", 64, Codes(0, 255, 99), 3, 2, 1, 1, 96, 51, 47),
        Strided(outputs, "S2_K4", 16, Codes(0, 255, 255), 4, 2, 1, 1, 16, 9, 9),
        Strided(outputs, "S3_K4", 8, Codes(0, 255, 1), 4, 3, 1, 1, 16, 11, 11),
        Strided(outputs, "S1_K2", 8, Codes(0, 255, 1), 2, 1, 1, 1, 16, 6, 7),

        // All weights and codes at one end of their ranges or the other: transformed codes reach 24,990 and transformed weights 6272 with tiles of 4x4.
        .. new[] { 0, 255 }.Select(zero => Case.Exact($"Int8Winograd{outputs}x{outputs}_Corners{zero}", b =>
        {
            int x = b.Add("q", Codes(0, 255, zero), b.Add("big", new Activation(ActivationKind.Affine, 1000), b.Input(1, 32, 5, 6)));
            return [Winograd(b, outputs, "y", x, 16)];
        })),

        // Floats out, and everything that is fused.
        Case.Exact($"Int8Winograd{outputs}x{outputs}_Floats_Relu", b => [b.Relu("r", Winograd(b, outputs, "y", Quantized(b, b.Input(1, 16, 6, 7), 5), 19))]),
        Case.Exact($"Int8Winograd{outputs}x{outputs}_Floats_Norm_Residual", b =>
        {
            int x = b.Input(1, 16, 6, 7), conv = Winograd(b, outputs, "c", Quantized(b, x, 5), 16);
            return [b.Relu("r", b.Sum("sum", b.Add("bn", new BatchNorm(0), conv), x))];
        }),
        Case.Exact($"Int8Winograd{outputs}x{outputs}_Codes_Residual", b =>
        {
            int x = Quantized(b, b.Input(2, 14, 6, 7), 5);
            int block = Rescaled(b, "q1", Winograd(b, outputs, "c1", x, 24)), last = Winograd(b, outputs, "c2", block, 14);
            return [Rescaled(b, "q2", b.Relu("r", b.Sum("sum", last, x)))];
        }),
        Case.Exact($"Int8Winograd{outputs}x{outputs}_Residual_Pairs", b =>
        {
            int x = Quantized(b, b.Input(1, 32, 7, 7), 5);
            int block = Rescaled(b, "q1", Winograd(b, outputs, "c1", x, 48)), last = Winograd(b, outputs, "c2", block, 32);
            return [Rescaled(b, "q2", b.Relu("r", b.Sum("sum", last, x)))];
        }),
        .. new[] { 32, 21 }.Select(channels => Case.Exact($"Int8Winograd{outputs}x{outputs}_Sum{channels}", b =>
        {
            int x = Quantized(b, b.Input(2, channels, 7, 6), 5);
            int block = Rescaled(b, "q1", Winograd(b, outputs, "c1", x, 24)), last = Rescaled(b, "q2", Winograd(b, outputs, "c2", block, channels));
            return [b.Add("q3", new Activation(ActivationKind.Quantize, 512, 31) { High = 255 }, b.Relu("r", b.Sum("sum", last, x)))];
        })),
        Case.Real($"Int8Winograd{outputs}x{outputs}_Real_Residual", b =>
        {
            int x = b.Add("q", new Activation(ActivationKind.Quantize, 0.013f, 93) { High = 255 }, b.Input(1, 21, 6, 7));
            int block = b.Add("q1", new Activation(ActivationKind.Quantize, 0.11f, 121) { High = 255 }, Winograd(b, outputs, "c1", x, 24));
            int sum = b.Sum("sum", Winograd(b, outputs, "c2", block, 21), x);
            return [b.Add("q2", new Activation(ActivationKind.Quantize, 0.7f, 11) { High = 255 }, b.Relu("r", sum))];
        }),
    ];

    private static Case Conv(int outputs, string name, int channels, Activation codes, params int[] input) => Conv(outputs, name, channels, codes, (1, 1, 1, 1), input);

    private static Case Conv(int outputs, string name, int channels, Activation codes, (int, int, int, int) pads, params int[] input) =>
        Single(outputs, name, channels, codes, Window((3, 3), pads: pads), input);

    private static Case Strided(int outputs, string name, int channels, Activation codes, int kernel, int stride, int pad, params int[] input) =>
        Single(outputs, name, channels, codes, Window((kernel, kernel), (stride, stride), (pad, pad, pad, pad)), input);

    private static Case Single(int outputs, string name, int channels, Activation codes, Window window, int[] input) => Case.Exact($"Int8Winograd{outputs}x{outputs}_{name}", b =>
    {
        int x = b.Add("q", codes, b.Add("wide", new Activation(ActivationKind.Affine, 60), b.Input(input)));
        return [Rescaled(b, "y", b.Add("c", Layer(outputs, channels, window), x))];
    });

    private static int Winograd(NetworkBuilder builder, int outputs, string name, int x, int channels) => builder.Add(name, Layer(outputs, channels, Window((3, 3), pads: (1, 1, 1, 1))), x);

    private static Conv Layer(int outputs, int channels, Window window) =>
        new(channels, window) { Refinement = new Int8(), Algorithm = Enum.Parse<Generator.Model.ConvAlgorithm>($"Int8Winograd{outputs}x{outputs}") };

    private static Activation Codes(int low, int high, int zero) => new(ActivationKind.Quantize, 1, zero) { Low = low, High = high };

    private static int Quantized(NetworkBuilder builder, int x, int zero) =>
        builder.Add("q", Codes(0, 255, zero), builder.Add("wide", new Activation(ActivationKind.Affine, 60), x));

    private static int Rescaled(NetworkBuilder builder, string name, int x) => builder.Add(name, new Activation(ActivationKind.Quantize, 1024, 100) { High = 255 }, x);
}
