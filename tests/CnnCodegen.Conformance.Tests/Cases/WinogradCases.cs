using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Convolutions of stride 1 by square kernels: planes around the sizes of tiles, many tiles and few, everything that ends a layer.</summary>
internal static class WinogradCases
{
    public static IEnumerable<Case> All =>
    [
        // Planes that are no multiple of a tile, and smaller than one.
        Conv("Square3_5x7", Numbers.Integers, 13, 3, (1, 1, 1, 1), 1, 5, 5, 7),
        Conv("Square3_13x13", Numbers.Integers, 24, 3, (1, 1, 1, 1), 1, 16, 13, 13),
        Conv("Square3_OnePixel", Numbers.Reals, 9, 3, (1, 1, 1, 1), 1, 19, 1, 1),
        Conv("Square3_2x3_Batch3", Numbers.Reals, 16, 3, (1, 1, 1, 1), 3, 8, 2, 3),
        Conv("Square3_Valid_Batch2", Numbers.Integers, 19, 3, (0, 0, 0, 0), 2, 17, 9, 12),
        Conv("Square3_WidePads", Numbers.Reals, 8, 3, (3, 4, 2, 5), 1, 13, 4, 3),
        Conv("Square3_OneRow", Numbers.Reals, 21, 3, (1, 1, 1, 1), 1, 24, 1, 37),
        Conv("Square5_7x9", Numbers.Integers, 17, 5, (2, 2, 2, 2), 1, 9, 7, 9),
        Conv("Square5_3x3_Batch2", Numbers.Reals, 32, 5, (2, 2, 2, 2), 2, 16, 3, 3),
        Conv("Square5_Valid", Numbers.Reals, 5, 5, (0, 0, 0, 0), 1, 6, 5, 13),
        Conv("Square2_6x5", Numbers.Integers, 12, 2, (0, 0, 1, 1), 1, 20, 6, 5),
        Conv("Square4_9x6", Numbers.Reals, 11, 4, (1, 2, 2, 1), 1, 7, 9, 6),
        Conv("Square7_8x8", Numbers.Reals, 16, 7, (3, 3, 3, 3), 1, 16, 8, 8),

        // Images of few channels, which get blocks before: rows that are no multiple of four pixels, bands of rows.
        Conv("Square3_Image_Batch2", Numbers.Integers, 16, 3, (1, 1, 1, 1), 2, 3, 31, 38),
        Conv("Square3_TwoChannels", Numbers.Integers, 8, 3, (1, 1, 1, 1), 1, 2, 5, 8),
        Conv("Square3_OneChannel_Narrow", Numbers.Integers, 8, 3, (1, 1, 1, 1), 1, 1, 6, 3),

        // More tiles than fit a block, and more channels than tiles.
        Conv("Square3_ManyTiles", Numbers.Reals, 16, 3, (1, 1, 1, 1), 1, 32, 45, 38),
        Conv("Square3_ManyChannels", Numbers.Reals, 96, 3, (1, 1, 1, 1), 1, 80, 7, 7),
        Conv("Square3_Groups3_Batch2", Numbers.Reals, 96, 3, (1, 1, 1, 1), 2, 48, 10, 9, 3),
        Conv("Square5_Groups2_Few", Numbers.Reals, 64, 5, (2, 2, 2, 2), 1, 32, 4, 6, 2),

        // Norm, residual and activation, with the residual beside other borders.
        Block("Square3_Residual", 16, 11, 9),
        Block("Square3_Residual_Few", 40, 5, 5),
        Block("Square3_Residual_Batch3", 8, 6, 6, batch: 3),
    ];

    private static Case Conv(string name, Numbers numbers, int channels, int kernel, (int T, int L, int B, int R) pads, int batch, int inChannels, int height, int width, int groups = 1) =>
        Case.Layer(name, numbers, new Conv(channels, Window((kernel, kernel), pads: pads), groups), TensorShape.Of(batch, inChannels, height, width));

    private static Case Block(string name, int channels, int height, int width, int batch = 1) => Case.Real(name, b =>
    {
        int x = b.Relu("r0", b.Conv("c0", b.Input(batch, channels, height, width), channels));
        int y = b.Add("n1", new BatchNorm(), b.Conv("c1", x, channels, kernel: 5, pad: 2));
        int z = b.Add("h2", new Activation(ActivationKind.HardSwish), b.Sum("s2", b.Conv("c2", y, channels), x));
        return [b.Add("a3", new Activation(ActivationKind.Sigmoid), b.Conv("c3", z, channels)), b.Add("pool", new Pool(PoolKind.Max, Generator.Model.Window.Square(2, 3, 2, 1)), z)];
    });
}
