using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Convolutions without anything around them: every geometry, and channel counts around the widths of the vectors.</summary>
internal static class ConvolutionCases
{
    public static IEnumerable<Case> All =>
    [
        // Pointwise, over planes whose pixels are no multiple of any tile.
        Conv("Conv1x1_C1", new Conv(1, Window((1, 1))), 1, 1, 5, 3),
        Conv("Conv1x1_C16_37", new Conv(37, Window((1, 1))), 1, 16, 7, 5),
        Conv("Conv1x1_Batch3", new Conv(19, Window((1, 1)), Bias: false), 3, 13, 3, 5),
        Conv("Conv1x1_OnePixel", new Conv(32, Window((1, 1))), 1, 37, 1, 1),
        Conv("Conv1x1_C256", new Conv(64, Window((1, 1))), 1, 256, 4, 5),
        Conv("Conv1x1_Stride2", new Conv(8, Window((1, 1), (2, 2))), 1, 19, 7, 6),

        Conv("Conv1x1_Stride2_ManyOut", new Conv(130, Window((1, 1), (2, 2))), 2, 37, 9, 7),
        Conv("Conv1x1_Stride2x3_Groups", new Conv(256, Window((1, 1), (2, 3)), Groups: 2, Bias: false), 1, 64, 5, 8),
        Conv("Conv1x1_Bands", new Conv(64, Window((1, 1))), 1, 1024, 11, 10),

        // Square kernels, odd planes.
        Conv("Conv3x3_Runs7x7", new Conv(32, Window((3, 3), pads: (1, 1, 1, 1))), 2, 72, 7, 7),
        Conv("Conv3x3_Runs13x13_Stride2", new Conv(48, Window((3, 3), (2, 2), (1, 1, 1, 1))), 1, 16, 25, 26),
        Conv("Conv1x1_Runs7x7_Padded", new Conv(32, Window((1, 1), pads: (1, 1, 1, 1))), 1, 16, 5, 5),
        Conv("Conv3x3_RunBands", new Conv(32, Window((3, 3), (2, 2), (1, 1, 1, 1))), 1, 512, 14, 14),
        Conv("Conv3x3_C3_8", new Conv(8, Window((3, 3), pads: (1, 1, 1, 1))), 1, 3, 9, 7),
        Conv("Conv3x3_C5_13", new Conv(13, Window((3, 3), pads: (1, 1, 1, 1))), 1, 5, 6, 11),
        Conv("Conv3x3_C32_16_Batch3", new Conv(16, Window((3, 3), pads: (1, 1, 1, 1))), 3, 32, 4, 5),
        Conv("Conv3x3_C13_Valid", new Conv(5, Window((3, 3)), Bias: false), 1, 13, 5, 8),
        Conv("Conv3x3_OnePixelOut", new Conv(19, Window((3, 3))), 1, 8, 3, 3),
        Conv("Conv3x3_OnePixelIn", new Conv(16, Window((3, 3), pads: (1, 1, 1, 1))), 1, 16, 1, 1),
        Conv("Conv3x3_WideRow", new Conv(8, Window((3, 3), pads: (1, 1, 1, 1))), 1, 8, 2, 41),
        Conv("Conv5x5_Stride2", new Conv(13, Window((5, 5), (2, 2), (2, 2, 2, 2))), 1, 3, 11, 14),
        Conv("Conv7x7_Stride2_Image", new Conv(16, Window((7, 7), (2, 2), (3, 3, 3, 3))), 1, 3, 17, 15),
        Conv("Conv2x2_Stride3", new Conv(5, Window((2, 2), (3, 3))), 1, 16, 10, 8),

        // What a person rarely writes and an exporter does.
        Conv("ConvStride3x1", new Conv(13, Window((3, 3), (3, 1), (1, 1, 1, 1))), 1, 8, 10, 6),
        Conv("ConvDilation2", new Conv(16, Window((3, 3), pads: (2, 2, 2, 2), dilation: (2, 2))), 1, 5, 8, 9),
        Conv("ConvDilation2x3_Stride2", new Conv(8, Window((3, 2), (2, 2), (1, 2, 3, 0), (2, 3))), 1, 13, 11, 12),
        Conv("ConvAsymmetricPads", new Conv(19, Window((3, 3), (2, 2), (0, 1, 2, 0))), 1, 16, 8, 9),
        Conv("ConvPadsWiderThanKernel", new Conv(5, Window((2, 3), pads: (3, 4, 2, 3))), 1, 8, 3, 4),
        Conv("ConvRowKernel1x7", new Conv(13, Window((1, 7), pads: (0, 3, 0, 3))), 1, 16, 5, 9),
        Conv("ConvColumnKernel7x1", new Conv(13, Window((7, 1), pads: (3, 0, 3, 0))), 1, 16, 9, 4),
        Conv("ConvKernelIsPlane", new Conv(37, Window((5, 4))), 1, 13, 5, 4),
        Conv("ConvSameUpper", new Conv(8, Window((4, 4), (3, 3)) with { AutoPad = Generator.Model.AutoPad.SameUpper }), 1, 3, 10, 11),
        Conv("ConvSameLower", new Conv(8, Window((4, 4), (3, 3)) with { AutoPad = Generator.Model.AutoPad.SameLower }), 1, 3, 10, 11),

        // Groups: whole vectors, parts of vectors, and one channel each.
        Conv("ConvGroups2_Whole", new Conv(32, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 2), 1, 32, 5, 4),
        Conv("ConvGroups4_C8", new Conv(12, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 4), 1, 8, 5, 6),
        Conv("ConvGroups3_C39", new Conv(57, Window((1, 1)), Groups: 3), 3, 39, 3, 2),
        Conv("Depthwise_C1Groups1", new Conv(1, Window((3, 3), pads: (1, 1, 1, 1))), 1, 1, 8, 8),
        Conv("Depthwise_C13", new Conv(13, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 13), 1, 13, 7, 9),
        Conv("Depthwise_C32_Stride2", new Conv(32, Window((3, 3), (2, 2), (1, 1, 1, 1)), Groups: 32), 1, 32, 9, 8),
        Conv("Depthwise_C37_5x5_Batch3", new Conv(37, Window((5, 5), pads: (2, 2, 2, 2)), Groups: 37, Bias: false), 3, 37, 6, 5),
        Conv("Depthwise_Multiplier2", new Conv(16, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 8), 1, 8, 5, 7),
        Conv("Depthwise_Dilation_Asymmetric", new Conv(19, Window((3, 3), (1, 2), (2, 0, 1, 3), (2, 2)), Groups: 19), 1, 19, 9, 11),
        Conv("Depthwise_OnePixel", new Conv(16, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 16), 1, 16, 1, 1),

        // Windows as large as the Fourier domain wants them: odd planes, one tile and several, groups, and windows that reach over the whole plane.
        Conv("Conv7x7_Odd_Batch2", new Conv(21, Window((7, 7), pads: (3, 3, 3, 3))), 2, 13, 23, 19),
        Conv("Conv4x6_AsymmetricPads", new Conv(9, Window((4, 6), pads: (1, 4, 2, 0))), 1, 5, 11, 30),
        Conv("Conv9x9_LargerThanHalf", new Conv(16, Window((9, 9), pads: (4, 4, 4, 4))), 1, 8, 12, 11),
        Conv("Conv11x11_PadsWiderThanPlane", new Conv(8, Window((11, 11), pads: (5, 5, 5, 5))), 1, 3, 4, 3),
        Conv("Conv5x5_Dilation3", new Conv(8, Window((5, 5), pads: (6, 6, 6, 6), dilation: (3, 3))), 1, 16, 17, 14),
        Conv("Conv5x5_Groups2", new Conv(32, Window((5, 5), pads: (2, 2, 2, 2)), Groups: 2), 1, 32, 9, 10),
        Conv("Conv7x5_LongRow", new Conv(8, Window((7, 5), pads: (3, 2, 3, 2)), Bias: false), 1, 8, 6, 131),
        Conv("Depthwise_C13_7x7_Batch2", new Conv(13, Window((7, 7), pads: (3, 3, 3, 3)), Groups: 13), 2, 13, 23, 19),
        Conv("Depthwise_C16_21x21", new Conv(16, Window((21, 21), pads: (10, 10, 10, 10)), Groups: 16), 1, 16, 17, 26),
        Conv("Depthwise_C8_6x4_LongColumn", new Conv(8, Window((6, 4), pads: (3, 1, 2, 2)), Groups: 8), 1, 8, 139, 5),
        Conv("Conv1D_31", new Conv(9, Generator.Model.Window.Square(1, 31, 1, 15)), 1, 5, 75),
        Real("ConvReal7x7", new Conv(24, Window((7, 7), pads: (3, 3, 3, 3))), 1, 24, 15, 17),

        // Groups that are parts of vectors: runs of pixels across borders, several segments, strides, narrow planes, wide kernels.
        Conv("ConvGroups4_1x1_Batch2", new Conv(28, Window((1, 1)), Groups: 4), 2, 20, 7, 7),
        Conv("ConvGroups2_C34_Odd", new Conv(26, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 2), 2, 34, 13, 17),
        Conv("ConvGroups2_Segments", new Conv(6, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 2), 1, 6, 45, 37),
        Conv("ConvGroups3_Stride2", new Conv(21, Window((3, 3), (2, 2), (1, 1, 1, 1)), Groups: 3, Bias: false), 1, 15, 14, 11),
        Conv("ConvGroups3_Stride2x1_Dilation", new Conv(9, Window((3, 2), (2, 1), (1, 2, 0, 1), (2, 3)), Groups: 3), 1, 6, 11, 19),
        Conv("ConvGroups5_Stride1x3_1x1", new Conv(10, Window((1, 1), (1, 3)), Groups: 5), 1, 15, 4, 23),
        Conv("ConvGroups2_RowKernel1x9", new Conv(14, Window((1, 9), pads: (0, 4, 0, 4)), Groups: 2), 1, 10, 3, 21),
        Conv("ConvGroups2_ColumnKernel5x1", new Conv(6, Window((5, 1), pads: (2, 0, 2, 0)), Groups: 2), 1, 6, 9, 5),
        Conv("ConvGroups2_OnePixel", new Conv(6, Window((3, 3)), Groups: 2), 1, 10, 3, 3),
        Conv("ConvGroups2_TwoPixels", new Conv(38, Window((1, 1)), Groups: 2), 1, 6, 1, 2),
        Conv("Depthwise_Multiplier3_Stride2_5x5", new Conv(21, Window((5, 5), (2, 2), (2, 2, 2, 2)), Groups: 7), 2, 7, 13, 12),
        Conv("Depthwise_Multiplier9", new Conv(27, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 3), 1, 3, 19, 20),
        Conv("Conv1D_Groups", new Conv(9, Generator.Model.Window.Square(1, 5, 2, 2), Groups: 3), 2, 6, 37),
        Real("ConvRealGroups", new Conv(22, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 2), 1, 26, 6, 9),

        // One and three spatial dimensions.
        Conv("Conv1D", new Conv(13, Generator.Model.Window.Square(1, 5, 2, 2)), 1, 8, 23),
        Conv("Conv1D_Dilated_Batch3", new Conv(8, Generator.Model.Window.Square(1, 3, 1, 4, 4)), 3, 5, 17),
        Conv("Conv1D_Depthwise", new Conv(16, Generator.Model.Window.Square(1, 3, 1, 1), Groups: 16), 1, 16, 19),
        Conv("Conv3D", new Conv(8, Generator.Model.Window.Square(3, 3, 1, 1)), 1, 3, 4, 5, 6),
        Conv("Conv3D_Stride2_Groups", new Conv(6, Generator.Model.Window.Square(3, 2, 2), Groups: 2), 3, 4, 5, 4, 6),

        // Sums that float32 rounds.
        Real("ConvReal3x3", new Conv(16, Window((3, 3), pads: (1, 1, 1, 1))), 1, 37, 6, 7),
        Real("ConvRealDepthwise", new Conv(19, Window((3, 3), pads: (1, 1, 1, 1)), Groups: 19), 1, 19, 6, 7),

        Conv("Transpose2x2_Stride2", new ConvTranspose(13, Generator.Model.Window.Square(2, 2, 2), [0, 0]), 1, 8, 5, 4),
        Conv("Transpose3x3_Stride2_OutputPadding", new ConvTranspose(5, Window((3, 3), (2, 2), (1, 1, 1, 1)), [1, 1]), 3, 16, 4, 3),
        Conv("Transpose4x3_Groups_Dilation", new ConvTranspose(6, Window((4, 3), (1, 3), (0, 2, 1, 0), (2, 1)), [0, 1], Groups: 2), 1, 4, 5, 4),
        Conv("Transpose3x3_Stride1_Asymmetric", new ConvTranspose(19, Window((3, 3), pads: (2, 0, 1, 2)), [0, 0]), 2, 13, 7, 6),
        Conv("Transpose4x4_Stride2_Pad1", new ConvTranspose(21, Window((4, 4), (2, 2), (1, 1, 1, 1)), [0, 0], Bias: false), 1, 37, 7, 9),
        Conv("Transpose5x7_Stride3x2", new ConvTranspose(16, Window((5, 7), (3, 2), (4, 3, 0, 5)), [2, 1]), 1, 9, 5, 6),
        Conv("Transpose5x3_Dilation2x3_Stride3x2", new ConvTranspose(8, Window((5, 3), (3, 2), (1, 0, 2, 1), (2, 3)), [0, 1]), 1, 8, 6, 5),
        Conv("Transpose4x4_Dilation2_Stride2_SomeUnreached", new ConvTranspose(8, Window((4, 4), (2, 2), (1, 1, 1, 1), (2, 2)), [1, 0]), 1, 5, 4, 3),
        Conv("Transpose1x1_Stride2_SomeUnreached", new ConvTranspose(9, Window((1, 1), (2, 2)), [1, 1]), 1, 16, 3, 4),
        Conv("Transpose3x3_Groups2_Whole", new ConvTranspose(32, Window((3, 3), (2, 2), (1, 1, 1, 1)), [1, 1], Groups: 2), 2, 32, 5, 4),
        Conv("Transpose2x2_Stride2_Cropped", new ConvTranspose(8, Window((2, 2), (2, 2), (3, 2, 2, 3)), [0, 0]), 1, 16, 6, 5),
        Conv("Transpose8x8_Stride4_OnePixel", new ConvTranspose(5, Window((8, 8), (4, 4), (2, 2, 2, 2)), [0, 0]), 1, 8, 1, 1),
        Real("TransposeReal4x4", new ConvTranspose(24, Window((4, 4), (2, 2), (1, 1, 1, 1)), [0, 0]), 1, 40, 5, 6),
        Conv("Transpose1D", new ConvTranspose(3, Generator.Model.Window.Square(1, 4, 3, 1), [0], Bias: false), 1, 5, 7),
        Conv("Transpose3D", new ConvTranspose(4, Generator.Model.Window.Square(3, 2, 2), [0, 0, 0]), 1, 3, 2, 3, 2),
    ];

    private static Case Conv(string name, Layer layer, params int[] input) => Case.Layer(name, Numbers.Integers, layer, TensorShape.Of(input));

    private static Case Real(string name, Layer layer, params int[] input) => Case.Layer(name, Numbers.Reals, layer, TensorShape.Of(input));
}
