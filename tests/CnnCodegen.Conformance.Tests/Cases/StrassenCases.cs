using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Convolutions whose channels and rows have halves: rows with and without borders, windows that overlap between halves, bands, passes.</summary>
internal static class StrassenCases
{
    public static IEnumerable<Case> All =>
    [
        // As one row of pixels: odd halves, images, more channels than a pass takes, bands of many pixels and of few.
        Conv("Halves1x1_2x3", Numbers.Reals, new Conv(32, Window((1, 1))), 1, 32, 2, 3),
        Conv("Halves1x1_Batch3", Numbers.Integers, new Conv(96, Window((1, 1)), Bias: false), 3, 64, 6, 5),
        Conv("Halves1x1_Passes", Numbers.Integers, new Conv(64, Window((1, 1))), 1, 320, 4, 3),
        Conv("Halves1x1_Bands", Numbers.Integers, new Conv(32, Window((1, 1))), 2, 32, 16, 49),
        Conv("Halves1x1_OddTiles", Numbers.Integers, new Conv(96, Window((1, 1))), 1, 32, 2, 49),
        Conv("Halves1x1_Stride2", Numbers.Integers, new Conv(128, Window((1, 1), (2, 2))), 1, 32, 7, 6),
        Conv("Halves1x1_Padded", Numbers.Integers, new Conv(32, Window((1, 1), pads: (1, 0, 1, 2))), 1, 32, 4, 5),

        // Windows of neighbouring halves overlap.
        Conv("Halves3x3_Runs", Numbers.Integers, new Conv(32, Window((3, 3), pads: (1, 1, 1, 1))), 1, 128, 14, 7),
        Conv("Halves3x3_RunsInBands", Numbers.Integers, new Conv(32, Window((3, 3), pads: (1, 1, 1, 1))), 2, 32, 32, 13),
        Conv("Halves3x3_Stride2_Batch2", Numbers.Reals, new Conv(64, Window((3, 3), (2, 2), (1, 1, 1, 1))), 2, 32, 11, 10),
        Conv("Halves3x2_Dilation", Numbers.Integers, new Conv(32, Window((3, 2), (1, 2), (2, 1, 1, 0), (2, 3)), Bias: false), 1, 32, 7, 9),
        Conv("Halves5x5_Bands", Numbers.Reals, new Conv(32, Window((5, 5), pads: (2, 2, 2, 2))), 1, 32, 8, 52),
        Conv("Halves1D", Numbers.Integers, new Conv(32, Generator.Model.Window.Square(1, 3, 1, 1)), 2, 64, 10),

        // Norm, residual and activation, with the residual beside other borders.
        Block("Halves_Residual", 32, 6, 5),
        Block("Halves_Residual_Batch2", 64, 4, 4, batch: 2),
        Block("Halves_Residual_Bands", 32, 28, 14),
        Block("Halves_Residual_Bands_OddTiles", 96, 14, 12),
    ];

    private static Case Conv(string name, Numbers numbers, Layer layer, params int[] input) => Case.Layer(name, numbers, layer, TensorShape.Of(input));

    private static Case Block(string name, int channels, int height, int width, int batch = 1) => Case.Real(name, b =>
    {
        int x = b.Relu("r0", b.Conv("c0", b.Input(batch, channels, height, width), channels));
        int y = b.Add("n1", new BatchNorm(), b.Conv("c1", x, channels, kernel: 1, pad: 0));
        int z = b.Add("h2", new Activation(ActivationKind.HardSwish), b.Sum("s2", b.Conv("c2", y, channels), x));
        return [b.Add("a3", new Activation(ActivationKind.Sigmoid), b.Sum("s3", b.Conv("c3", z, channels, kernel: 1, pad: 0), y))];
    });
}
