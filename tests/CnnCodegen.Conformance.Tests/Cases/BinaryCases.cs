using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>
/// Layers of one bit: bits in and out, bits in and floats out, thresholds behind norms of both signs (the drawn ones have weights from -3 to 3),
/// channels around the widths of words and vectors, every kind of border.
/// </summary>
internal static class BinaryCases
{
    private static readonly BinaryWeight Signs = new();
    private static readonly Bitwise Ternary = new(0.25);

    public static IEnumerable<Case> All =>
    [
        // Bits in and out.
        Chain("Bits3x3_C64", 64, 64, 3, 1, 1, 7, 9),
        Chain("Bits3x3_C256", 256, 20, 3, 1, 1, 3, 3),
        Chain("Bits3x3_C37_70", 37, 70, 3, 1, 1, 5, 6),
        Chain("Bits3x3_C65_130_Stride2", 65, 130, 3, 1, 2, 8, 7),
        Chain("Bits1x1_C128_96", 128, 96, 1, 0, 1, 6, 5),
        Chain("Bits1x1_C640", 640, 33, 1, 0, 1, 2, 3),
        Chain("Bits5x5_C64", 64, 64, 5, 2, 1, 6, 6),
        Chain("Bits5x5_C130_Valid", 130, 16, 5, 0, 1, 6, 7),
        Chain("Bits3x3_C512", 512, 12, 3, 1, 1, 2, 3),
        Chain("Bits3x3_C1024", 1024, 4, 3, 1, 1, 2, 2),
        Chain("Bits3x3_Batch3", 70, 24, 3, 1, 1, 4, 5, batch: 3),
        Chain("Bits3x3_OnePixel", 64, 64, 3, 1, 1, 1, 1),
        Chain("Bits3x3_Square13", 70, 66, 3, 1, 1, 13, 13),
        Chain("Bits3x3_30to28", 64, 24, 3, 0, 1, 30, 30),
        Chain("Bits3x3_Wide40", 37, 20, 3, 1, 1, 11, 40),
        Chain("Bits3x3_Wide32", 64, 16, 3, 1, 1, 9, 32),
        Chain("Bits3x3_Wide64", 20, 8, 3, 1, 1, 5, 64),
        Chain("Bits7x7_C20", 20, 12, 7, 3, 1, 11, 9),
        Chain("Ternary3x3_C100", 100, 72, 3, 1, 1, 5, 5, refinement: Ternary),
        Chain("Ternary5x5_C64_Stride2", 64, 40, 5, 2, 2, 9, 8, refinement: Ternary),
        Groups("BitsGroups_C128", 128, 128, 2, new BinaryWeight()),
        Groups("BitsGroups_C192_384", 192, 384, 3, new BinaryWeight()),
        Groups("BitsGroups_C256_128_Ternary", 256, 128, 2, Ternary),
        Case.Exact("BitsGroups_Floats", b =>
            [b.Add("y", new Conv(128, Generator.Model.Window.Square(2, 3, 2, 1), 2) { Refinement = Signs }, b.Binarize("b0", b.Input(2, 128, 6, 5)))]),
        Case.Exact("BitsAsymmetric", b =>
        {
            Conv conv = new(40, Window((3, 2), (2, 1), (0, 1, 2, 0), (1, 2))) { Refinement = Signs };
            return [b.Binarize("b1", b.Add("y", conv, b.Binarize("b0", b.Input(1, 70, 8, 6))))];
        }),
        Case.Exact("BitsDilated", b =>
        {
            Conv conv = new(70, Window((3, 2), pads: (3, 1, 2, 4), dilation: (2, 3))) { Refinement = Signs };
            return [b.Binarize("b1", b.Add("n1", new BatchNorm(0), b.Add("y", conv, b.Binarize("b0", b.Input(2, 66, 19, 12)))))];
        }),
        Case.Exact("BitsPadsWiderThanKernel", b =>
        {
            Conv conv = new(12, Window((2, 3), pads: (3, 4, 2, 3))) { Refinement = Ternary };
            return [b.Add("y", conv, b.Binarize("b0", b.Input(1, 8, 3, 4)))];
        }),

        // Floats out: scales, bias, norm, residual, activation.
        Case.Exact("BitsToFloats", b => [b.Relu("r", b.Binary("y", b.Binarize("b0", b.Input(1, 70, 5, 4)), 19))]),
        Case.Exact("BitsToFloats_Ternary", b => [b.Binary("y", b.Binarize("b0", b.Input(2, 64, 5, 4)), 40, refinement: Ternary)]),
        Case.Exact("BitsToFloats_C1024", b => [b.Binary("y", b.Binarize("b0", b.Input(1, 1024, 3, 4)), 20)]),
        Case.Exact("BitsResidual", b =>
        {
            int x = b.Input(1, 72, 5, 6), y = b.Binary("y", b.Binarize("b0", x), 72);
            int sum = b.Sum("sum", b.Add("norm", new BatchNorm(0), y), x);
            return [b.Sum("end", b.Binary("z", b.Binarize("b1", sum), 72, kernel: 1), sum)];
        }),
        Case.Real("BitsReal", b =>
        {
            int x = b.Add("norm", new BatchNorm(), b.Binary("y", b.Binarize("b0", b.Input(1, 40, 6, 5)), 24));
            return [b.Add("swish", new Activation(ActivationKind.HardSwish), x)];
        }),

        Case.Exact("Xnor", b =>
        {
            int x = b.Input(1, 40, 6, 5), magnitude = b.Add("abs", new Binary(BinaryKind.Max), x, b.Add("negated", new Activation(ActivationKind.Affine, -1), x));
            int scales = b.Add("scales", new Pool(PoolKind.Average, Generator.Model.Window.Square(2, 3, pad: 1), CountIncludePad: true), b.Add("mean", new ReduceMean([1]), magnitude));
            int signs = b.Add("y", new Conv(24, Generator.Model.Window.Square(2, 3, pad: 1), Bias: false) { Refinement = Signs }, b.Binarize("b0", x));
            return [b.Add("scaled", new Binary(BinaryKind.Mul), signs, scales)];
        }),

        // What lies between layers of one bit.
        Case.Exact("BitsPool", b =>
        {
            int x = b.Binarize("b1", b.Add("pool", new Pool(PoolKind.Max, Generator.Model.Window.Square(2, 2, 2)), b.Binary("c1", b.Binarize("b0", b.Input(1, 70, 8, 9)), 72)));
            int y = b.Add("pool2", new Pool(PoolKind.Max, Generator.Model.Window.Square(2, 3, 2, 1)), b.Binarize("b2", b.Binary("c2", x, 130)));
            return [b.Binary("c3", y, 9), b.Add("global", new GlobalPool(PoolKind.Max), y)];
        }),
        Case.Exact("BitsPads", b =>
        {
            int minus = b.Add("minus", Pad(-1, 1, 2, 1, 0), b.Binarize("b0", b.Input(2, 70, 4, 5)));
            int plus = b.Add("plus", Pad(1, 2, 0, 1, 1), b.Binarize("b1", b.Binary("c1", minus, 64, pad: 0)));
            return [b.Binary("c2", plus, 24, pad: 0)];
        }),
        Case.Exact("BitsLinear", b =>
        {
            int x = b.Binarize("b1", b.Binary("c1", b.Binarize("b0", b.Input(3, 40, 3, 2)), 70));
            int y = b.Binarize("b2", b.Add("n2", new BatchNorm(0), b.Add("fc1", new Linear(130) { Refinement = Signs }, b.Add("flat", new Flatten(), x))));
            return [b.Add("fc2", new Linear(10) { Refinement = Signs }, b.Binarize("b3", b.Add("fc3", new Linear(65) { Refinement = Ternary }, y)))];
        }),
        Case.Exact("BitsLinear_Wide", b => [b.Add("fc", new Linear(20, Bias: false) { Refinement = Signs }, b.Binarize("b0", b.Input(2, 4321)))]),
        Case.Exact("BitsRow", b => [b.Add("y", new Conv(20, Generator.Model.Window.Square(1, 3, pad: 1)) { Refinement = Signs }, b.Binarize("b0", b.Input(2, 70, 9)))]),
        Case.Exact("BitsReadAsFloats", b =>
        {
            int x = b.Binarize("b1", b.Binary("c1", b.Binarize("b0", b.Input(1, 37, 4, 5)), 70));
            return [b.Conv("dense", x, 8), b.Sum("sum", x, x), x];
        }),

        // Weights of few bits and activations that are floats.
        Case.Exact("BinaryWeights_Floats", b => [b.Binary("y", b.Input(1, 19, 5, 6), 24)]),
        Case.Real("DoReFaWeights", b => [b.Add("y", new Conv(24, Generator.Model.Window.Square(2, 3)) { Refinement = new DoReFa(2) }, b.Input(1, 19, 5, 6))]),
    ];

    private static int Binarize(this NetworkBuilder builder, string name, int x) => builder.Add(name, new Activation(ActivationKind.Binarize), x);

    private static int Binary(this NetworkBuilder builder, string name, int x, int channels, int kernel = 3, int? pad = null, int stride = 1, Refinement? refinement = null) =>
        builder.Add(name, new Conv(channels, Generator.Model.Window.Square(2, kernel, stride, pad ?? kernel / 2)) { Refinement = refinement ?? Signs }, x);

    private static Pad Pad(float value, int top, int left, int bottom, int right) => new([0, 0, top, left], [0, 0, bottom, right], Value: value);

    private static Case Groups(string name, int inChannels, int channels, int groups, Refinement refinement) => Case.Exact(name, b =>
    {
        int y = b.Add("y", new Conv(channels, Generator.Model.Window.Square(2, 3, 1, 1), groups) { Refinement = refinement }, b.Binarize("b0", b.Input(1, inChannels, 5, 6)));
        return [b.Binarize("b1", b.Add("n1", new BatchNorm(0), y))];
    });

    /// <summary>Two binarised layers with norms, and the bits as the result.</summary>
    private static Case Chain(string name, int inChannels, int channels, int kernel, int pad, int stride, int height, int width, int batch = 1, Refinement? refinement = null) => Case.Exact(name, b =>
    {
        int x = b.Binarize("b0", b.Input(batch, inChannels, height, width));
        int y = b.Binarize("b1", b.Add("n1", new BatchNorm(0), b.Binary("c1", x, channels, kernel, pad, stride, refinement)));
        return [y, b.Binarize("b2", b.Binary("c2", y, 5, 1, 0, 1, refinement))];
    });
}
