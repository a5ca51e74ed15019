using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Convolutions by square kernels that move by more than one pixel, or whose taps are apart: what minimal filtering takes in phases and on grids.</summary>
internal static class PolyphaseCases
{
    public static IEnumerable<Case> All =>
    [
        // Strides: phases of equal and of different sizes, channels that are no whole blocks.
        Conv("Strided3_5x7", Numbers.Integers, 13, 3, (1, 1, 1, 1), 1, 5, 5, 7, stride: 2),
        Conv("Strided3_Even_Batch2", Numbers.Integers, 9, 3, (0, 0, 1, 1), 2, 17, 12, 10, stride: 2),
        Conv("Strided3_ManyTiles", Numbers.Reals, 16, 3, (1, 1, 1, 1), 1, 32, 45, 38, stride: 2),
        Conv("Strided3_ManyChannels", Numbers.Reals, 96, 3, (1, 1, 1, 1), 1, 80, 14, 14, stride: 2),
        Conv("Strided3_Groups3_Batch2", Numbers.Reals, 96, 3, (1, 1, 1, 1), 2, 48, 20, 17, 3, stride: 2),
        Conv("Strided3_OneRow", Numbers.Reals, 8, 3, (1, 2, 1, 1), 1, 11, 2, 41, stride: 2),
        Conv("Strided4_10x11", Numbers.Reals, 24, 4, (1, 1, 1, 1), 1, 16, 10, 11, stride: 2),
        Conv("Strided4_Groups2_Few", Numbers.Reals, 64, 4, (1, 2, 2, 1), 1, 32, 6, 8, 2, stride: 2),
        Conv("Strided5_9x14", Numbers.Integers, 17, 5, (2, 2, 2, 2), 1, 9, 9, 14, stride: 2),
        Conv("Strided5_Groups2_Few", Numbers.Reals, 64, 5, (2, 2, 2, 2), 1, 32, 8, 11, 2, stride: 2),
        Conv("Strided5_By3", Numbers.Reals, 11, 5, (2, 1, 0, 2), 1, 10, 13, 17, stride: 3),
        Conv("Strided7_Stem", Numbers.Reals, 32, 7, (3, 3, 3, 3), 1, 3, 31, 46, stride: 2),
        Conv("Strided7_By3", Numbers.Reals, 8, 7, (3, 3, 3, 3), 1, 12, 19, 16, stride: 3),
        Conv("Strided11_By4", Numbers.Reals, 9, 11, (2, 2, 2, 2), 1, 3, 35, 31, stride: 4),

        // Dilation: grids of equal and of different sizes, and some without an output in their last tiles.
        Conv("Dilated3_12x16", Numbers.Integers, 13, 3, (2, 2, 2, 2), 1, 5, 12, 16, dilation: 2),
        Conv("Dilated3_11x14_Batch2", Numbers.Integers, 8, 3, (3, 3, 3, 3), 2, 17, 11, 14, dilation: 3),
        Conv("Dilated3_3x20", Numbers.Reals, 9, 3, (4, 4, 4, 4), 1, 11, 3, 20, dilation: 4),
        Conv("Dilated3_ManyTiles", Numbers.Reals, 16, 3, (2, 2, 2, 2), 1, 32, 33, 41, dilation: 2),
        Conv("Dilated3_ManyChannels", Numbers.Reals, 96, 3, (2, 2, 2, 2), 1, 80, 9, 7, dilation: 2),
        Conv("Dilated5_Valid_Groups2", Numbers.Reals, 64, 5, (0, 1, 0, 2), 1, 32, 13, 15, 2, dilation: 2),

        // Norm, residual and activation.
        Case.Real("Strided3_Residual", b =>
        {
            int x = b.Input(1, 16, 13, 10);
            int y = b.Add("n1", new BatchNorm(), b.Conv("c1", x, 24, stride: 2));
            return [b.Relu("r1", b.Sum("s1", y, b.Conv("c0", x, 24, kernel: 1, pad: 0, stride: 2)))];
        }),
        Case.Real("Dilated3_Residual", b =>
        {
            int x = b.Input(1, 16, 13, 10);
            int y = b.Add("c1", new Conv(16, new Window([3, 3], [1, 1], [2, 2], [2, 2], [2, 2])), x);
            return [b.Relu("r1", b.Sum("s1", y, x))];
        }),
    ];

    private static Case Conv(
        string name, Numbers numbers, int channels, int kernel, (int T, int L, int B, int R) pads, int batch, int inChannels, int height, int width, int groups = 1, int stride = 1, int dilation = 1) =>
        Case.Layer(name, numbers, new Conv(channels, Window((kernel, kernel), (stride, stride), pads, (dilation, dilation)), groups), TensorShape.Of(batch, inChannels, height, width));
}
