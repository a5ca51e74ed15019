using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>
/// Quantized networks: codes at both ends of their range, zero points other than 0 under every kind of border, residuals, and layers that
/// know no codes in between. Integers and scales that are powers of two leave no rounding error.
/// </summary>
internal static class Int8Cases
{
    /// <summary>By integers wherever they are not slower than float sums: what rounds more is left out.</summary>
    public static IEnumerable<Case> All => Networks.Select(source => source with { Model = source.Model with { Accuracy = Generator.Model.Accuracy.Strict } });

    private static IEnumerable<Case> Networks =>
    [
        // Codes out: every geometry.
        Conv("Int8_1x1_C64_37", new Conv(37, Window((1, 1))), Codes(0, 255, 7), 1, 64, 7, 5),
        Conv("Int8_1x1_OnePixel", new Conv(32, Window((1, 1))), Codes(0, 255, 128), 1, 37, 1, 1),
        Conv("Int8_1x1_Stride2", new Conv(8, Window((1, 1), (2, 2))), Codes(0, 255, 3), 2, 19, 7, 6),
        Conv("Int8_3x3_C3_13_Image", new Conv(13, Window((3, 3), (2, 2), (1, 1, 1, 1))), Codes(0, 255, 114), 1, 3, 17, 15),
        Conv("Int8_3x3_C32_Batch3", new Conv(16, Window((3, 3), pads: (1, 1, 1, 1))), Codes(0, 255, 200), 3, 32, 4, 5),
        Conv("Int8_3x3_C5_12", new Conv(12, Window((3, 3), pads: (1, 1, 1, 1))), Codes(0, 255, 1), 1, 5, 9, 29),
        Conv("Int8_3x3_Signed", new Conv(21, Window((3, 3), pads: (1, 1, 1, 1)), Bias: false), Codes(-128, 127, -5), 1, 16, 7, 7),
        Conv("Int8_3x3_Zero255", new Conv(4, Window((3, 3), pads: (1, 1, 1, 1))), Codes(0, 255, 255), 2, 8, 5, 6),
        Conv("Int8_7x7_Stride2_Image", new Conv(16, Window((7, 7), (2, 2), (3, 3, 3, 3))), Codes(0, 255, 128), 1, 3, 23, 19),
        Conv("Int8_5x4_AsymmetricPads", new Conv(19, Window((5, 4), (2, 1), (0, 1, 2, 3))), Codes(0, 200, 9), 1, 6, 8, 9),
        Conv("Int8_Dilation2x3", new Conv(9, Window((3, 2), (1, 2), (2, 1, 0, 3), (2, 3))), Codes(0, 255, 31), 1, 13, 11, 12),
        Conv("Int8_PadsWiderThanKernel", new Conv(5, Window((2, 3), pads: (3, 4, 2, 3))), Codes(0, 255, 77), 1, 8, 3, 4),
        Conv("Int8_Groups2", new Conv(32, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 2), Codes(0, 255, 60), 2, 24, 5, 6),
        Conv("Int8_Groups_Partial", new Conv(12, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 3), Codes(0, 255, 60), 1, 15, 5, 6),
        Conv("Int8_KernelIsPlane", new Conv(37, Window((5, 4))), Codes(0, 255, 17), 1, 13, 5, 4),
        Conv("Int8_Bands", new Conv(24, Window((3, 3), pads: (1, 1, 1, 1))), Codes(0, 255, 99), 1, 56, 41, 44),
        Conv("Int8_1D", new Conv(13, Generator.Model.Window.Square(1, 5, 2, 2)), Codes(0, 255, 50), 2, 8, 37),

        // Depthwise: pairs of kernel rows and single ones, vectors that overlap, tiles of two sizes.
        Conv("Int8Depthwise_3x3", new Conv(32, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 32), Codes(0, 255, 128), 1, 32, 7, 9),
        Conv("Int8Depthwise_3x3_Stride2_Wide", new Conv(16, Window((3, 3), (2, 2), (0, 0, 1, 1)), Groups: 16), Codes(0, 255, 3), 2, 16, 11, 37),
        Conv("Int8Depthwise_3x3_Overlap", new Conv(13, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 13), Codes(0, 255, 255), 1, 13, 5, 19),
        Conv("Int8Depthwise_5x5_Signed", new Conv(24, Window((5, 5), pads: (2, 2, 2, 2)), Groups: 24), Codes(-128, 127, -5), 1, 24, 9, 8),
        Conv("Int8Depthwise_2x4_AsymmetricPads", new Conv(12, Window((2, 4), (2, 1), (0, 1, 2, 3)), Groups: 12), Codes(0, 200, 9), 3, 12, 6, 7),
        Conv("Int8Depthwise_7x1", new Conv(8, Window((7, 1), pads: (3, 0, 3, 0)), Groups: 8, Bias: false), Codes(0, 255, 0), 1, 8, 9, 3),
        Conv("Int8Depthwise_Dilation2x3", new Conv(10, Window((3, 3), (1, 2), (2, 1, 0, 3), (2, 3)), Groups: 10), Codes(0, 255, 31), 1, 10, 11, 12),
        Conv("Int8Depthwise_FewChannels", new Conv(4, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 4), Codes(0, 255, 31), 1, 4, 6, 5),
        Conv("Int8Depthwise_LargeWindow", new Conv(8, Window((9, 17), pads: (4, 8, 4, 8)), Groups: 8), Codes(0, 255, 31), 1, 8, 10, 18),
        Conv("Int8Depthwise_1D", new Conv(9, Generator.Model.Window.Square(1, 5, 2, 2), Groups: 9), Codes(0, 255, 50), 2, 9, 37),
        Case.Exact("Int8Depthwise_Corners", b =>
        {
            int x = b.Add("q", Codes(0, 255, 0), b.Add("big", new Activation(ActivationKind.Affine, 1000), b.Input(1, 16, 5, 6)));
            return [Depthwise(b, "y", x, 16)];
        }),
        Case.Exact("Int8Depthwise_Codes_Residual", b =>
        {
            int x = Quantized(b, b.Input(2, 21, 6, 7), 5);
            return [Rescaled(b, "q2", b.Relu("r", b.Sum("sum", Depthwise(b, "c", x, 21), x)))];
        }),
        Case.Exact("Int8Depthwise_Floats_Norm_Residual", b =>
        {
            int x = b.Input(1, 32, 6, 7), conv = Depthwise(b, "c", Quantized(b, x, 5), 32);
            return [b.Relu("r", b.Sum("sum", b.Add("bn", new BatchNorm(0), conv), x))];
        }),
        Case.Exact("Int8Depthwise_Floats_Odd", b => [b.Relu("r", Depthwise(b, "y", Quantized(b, b.Input(1, 19, 6, 7), 5), 19))]),
        Case.Exact("Int8Depthwise_Separable", b =>
        {
            int wide = Rescaled(b, "q1", Int8(b, "expand", Quantized(b, b.Input(1, 8, 9, 11), 30), 20)), middle = Rescaled(b, "q2", Depthwise(b, "middle", wide, 20));
            return [Int8(b, "project", middle, 9)];
        }),

        // All weights and codes at the ends of their ranges: neighbouring products exceed 16 bits.
        Case.Exact("Int8_Corners", b =>
        {
            int x = b.Add("q", Codes(0, 255, 0), b.Add("big", new Activation(ActivationKind.Affine, 1000), b.Input(1, 32, 5, 6)));
            return [b.Add("y", new Conv(16, Window((3, 3), pads: (1, 1, 1, 1))) { Refinement = new Int8() }, x)];
        }),

        // Floats out, with everything fused.
        Case.Exact("Int8_Floats_Relu", b => [b.Relu("r", Int8(b, "y", Quantized(b, b.Input(1, 16, 6, 7), 5), 19))]),
        Case.Exact("Int8_Floats_Norm_Residual", b =>
        {
            int x = b.Input(1, 16, 6, 7), conv = Int8(b, "c", Quantized(b, x, 5), 16);
            return [b.Relu("r", b.Sum("sum", b.Add("bn", new BatchNorm(0), conv), x))];
        }),
        Case.Exact("Int8_Codes_Residual", b =>
        {
            int x = Quantized(b, b.Input(2, 13, 6, 7), 5);
            int block = Rescaled(b, "q1", Int8(b, "c1", x, 24)), last = Int8(b, "c2", block, 13);
            return [Rescaled(b, "q2", b.Relu("r", b.Sum("sum", last, x)))];
        }),
        Case.Real("Int8_Real_Residual", b =>
        {
            int x = b.Add("q", new Activation(ActivationKind.Quantize, 0.013f, 93) { High = 255 }, b.Input(1, 21, 6, 7));
            int block = b.Add("q1", new Activation(ActivationKind.Quantize, 0.11f, 121) { High = 255 }, Int8(b, "c1", x, 24));
            int sum = b.Sum("sum", Int8(b, "c2", block, 21), x);
            return [b.Add("q2", new Activation(ActivationKind.Quantize, 0.7f, 11) { High = 255 }, b.Relu("r", sum))];
        }),

        // Bounds that become bounds of codes, and those that cannot.
        .. new[] { new Activation(ActivationKind.Relu), new Activation(ActivationKind.Relu6), new Activation(ActivationKind.Clip, -64, 512), new Activation(ActivationKind.Clip, 300, 900), new Activation(ActivationKind.LeakyRelu, 0.25f) }
            .Select((bound, i) => Case.Exact($"Int8_Bound{i}", b =>
            {
                int conv = Int8(b, "c", Quantized(b, b.Input(1, 8, 5, 6), 30), 11);
                int first = b.Add("q1", new Activation(ActivationKind.Quantize, 64, 100) { High = 255 }, b.Add("a", bound, conv));
                return [Int8(b, "d", first, 5)];
            })),

        // Layers between integer layers.
        Case.Exact("Int8_MaxPool", b =>
        {
            int conv = Rescaled(b, "q1", Int8(b, "c", Quantized(b, b.Input(2, 8, 11, 13), 30), 37));
            int pool = b.Add("pool", new Pool(PoolKind.Max, Window((3, 3), (2, 2), (1, 1, 1, 1))), conv);
            int small = b.Add("small", new Pool(PoolKind.Max, Window((2, 3), (1, 2), ceil: true)), pool);
            return [Int8(b, "d", small, 6), pool];
        }),
        Case.Exact("Int8_FloatBetween", b =>
        {
            int first = Rescaled(b, "q1", b.Conv("f", Quantized(b, b.Input(1, 8, 5, 6), 30), 21)), second = Rescaled(b, "q2", Int8(b, "c", first, 20));
            return [b.Conv("g", second, 9), b.Add("average", new GlobalPool(PoolKind.Average), second), b.Add("flat", new Flatten(), first)];
        }),
        Case.Exact("Int8_Concat", b =>
        {
            int x = Quantized(b, b.Input(1, 8, 5, 6), 30), a = Rescaled(b, "qa", Int8(b, "a", x, 12)), c = Rescaled(b, "qc", Int8(b, "c", x, 7));
            return [Int8(b, "d", b.Add("both", new Concat(2), a, c), 9)];
        }),

        Pool("Int8_MaxPool2x2", 16, Window((2, 2), (2, 2)), 1, 8, 6, 9),
        Pool("Int8_MaxPool3x3_Odd", 21, Window((3, 3), (2, 2), (1, 0, 0, 1)), 2, 9, 7, 10),
        Pool("Int8_MaxPool1x4_Stride1", 4, Window((1, 4), pads: (0, 2, 0, 1)), 1, 8, 5, 5),
        Pool("Int8_MaxPool_WholePlane", 33, Window((4, 5)), 1, 8, 4, 5),
        Pool("Int8_MaxPool_Wide", 64, Window((2, 2), (2, 2)), 1, 64, 4, 6),
        Sum("Int8_Sum_Wide", 64, 1, 64, 3, 4),
        Sum("Int8_Sum", 24, 1, 8, 5, 6),
        Sum("Int8_Sum_Odd", 37, 2, 9, 7, 3),
        Sum("Int8_Sum_OneChannel", 1, 1, 8, 4, 9),
        Sum("Int8_Sum_OnePixel", 19, 3, 16, 1, 1),
        Sum("Int8_Sum_Vectors", 64, 1, 8, 3, 11),

        // Sums of values that are outputs too, of operands in the other order, of pixels that lie in one row or in bordered ones.
        Case.Exact("Int8_Sum_Stored", b =>
        {
            int x = Quantized(b, b.Input(1, 8, 5, 6), 30), first = Rescaled(b, "q1", Int8(b, "c1", x, 37)), second = Rescaled(b, "q2", Int8(b, "c2", x, 37));
            return [Added(b, first, second), first, second];
        }),
        Case.Exact("Int8_Sum_FirstOperand", b =>
        {
            int x = Quantized(b, b.Input(2, 8, 5, 6), 30), first = Rescaled(b, "q1", Int8(b, "c1", x, 20));
            return [Added(b, Requantized(b, "q2", Int8(b, "c2", x, 20), 128, 3), first)];
        }),
        .. new[] { 64, 19 }.Select(channels => Case.Exact($"Int8_Sum_OneRow{channels}", b =>
        {
            int x = Quantized(b, b.Input(2, 16, 5, 7), 30), first = Rescaled(b, "q1", Int8(b, "c1", x, channels, 1));
            int sum = Added(b, first, Requantized(b, "q2", Int8(b, "c2", x, channels, 1), 256, 0));
            return [Int8(b, "d", sum, 9, 1), first];
        })),
        Case.Exact("Int8_Sum_Stride2", b =>
        {
            int x = Quantized(b, b.Input(1, 16, 7, 9), 30), block = Rescaled(b, "q1", b.Add("c1", new Conv(24, Window((3, 3), (2, 2), (1, 1, 1, 1))) { Refinement = new Int8() }, x));
            int down = Requantized(b, "q2", b.Add("c2", new Conv(24, Window((1, 1), (2, 2))) { Refinement = new Int8() }, x), 128, 255);
            return [Int8(b, "d", Added(b, block, down), 5)];
        }),
        Case.Exact("Int8_Sum_OfBordered", b =>
        {
            int x = Quantized(b, b.Input(1, 16, 6, 7), 5), block = Rescaled(b, "q1", Int8(b, "c1", x, 24)), last = Requantized(b, "q2", Int8(b, "c2", block, 16, 1), 4096, 9);
            return [Added(b, x, last)];
        }),

        // Linear layers over vectors, batches and images.
        Linear("Int8_Linear_37_10", 10, 1, 37),
        Linear("Int8_Linear_Batch3", 21, 3, 64),
        Linear("Int8_Linear_Batch19", 8, 19, 24),
        Linear("Int8_Linear_Image", 13, 2, 5, 3, 4),
        Case.Exact("Int8_Linear_OfPadded", b =>
        {
            int x = Quantized(b, b.Input(2, 6, 4, 5), 30);
            return [b.Add("y", new Linear(9) { Refinement = new Int8() }, x), Int8(b, "c", x, 8)];
        }),
    ];

    /// <summary>Codes out of an integer convolution of codes.</summary>
    private static Case Conv(string name, Conv conv, Activation codes, params int[] input) => Case.Exact(name, b =>
    {
        int x = b.Add("q", codes, b.Add("wide", new Activation(ActivationKind.Affine, 60), b.Input(input)));
        return [Rescaled(b, "y", b.Add("c", conv with { Refinement = new Int8() }, x))];
    });

    /// <summary>Maxima of codes between two integer convolutions.</summary>
    private static Case Pool(string name, int channels, Window window, params int[] input) => Case.Exact(name, b =>
    {
        int conv = Rescaled(b, "q1", Int8(b, "c", Quantized(b, b.Input(input), 30), channels));
        return [Int8(b, "d", b.Add("pool", new Pool(PoolKind.Max, window), conv), 6)];
    });

    /// <summary>The sum of the codes of two integer convolutions, to codes.</summary>
    private static Case Sum(string name, int channels, params int[] input) => Case.Exact(name, b =>
    {
        int x = Quantized(b, b.Input(input), 30), first = Rescaled(b, "q1", Int8(b, "c1", x, channels)), second = Rescaled(b, "q2", Int8(b, "c2", x, channels));
        return [Int8(b, "d", Added(b, first, second), 5)];
    });

    private static int Added(NetworkBuilder builder, int first, int second) => Requantized(builder, "q3", builder.Sum("sum", first, second), 2048, 7);

    private static int Requantized(NetworkBuilder builder, string name, int x, float scale, int zero) =>
        builder.Add(name, new Activation(ActivationKind.Quantize, scale, zero) { High = 255 }, x);

    private static Case Linear(string name, int features, params int[] input) => Case.Exact(name, b =>
        [b.Add("y", new Linear(features) { Refinement = new Int8() }, Quantized(b, b.Input(input), 77))]);

    private static Activation Codes(int low, int high, int zero) => new(ActivationKind.Quantize, 1, zero) { Low = low, High = high };

    private static int Quantized(NetworkBuilder builder, int x, int zero) =>
        builder.Add("q", Codes(0, 255, zero), builder.Add("wide", new Activation(ActivationKind.Affine, 60), x));

    private static int Rescaled(NetworkBuilder builder, string name, int x) => builder.Add(name, new Activation(ActivationKind.Quantize, 1024, 100) { High = 255 }, x);

    private static int Depthwise(NetworkBuilder builder, string name, int x, int channels) =>
        builder.Add(name, new Conv(channels, Generator.Model.Window.Square(2, 3, 1, 1), channels) { Refinement = new Int8() }, x);

    private static int Int8(NetworkBuilder builder, string name, int x, int channels, int kernel = 3) =>
        builder.Add(name, new Conv(channels, Generator.Model.Window.Square(2, kernel, 1, kernel / 2)) { Refinement = new Int8() }, x);
}
