using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>
/// Convolutions of floats with weights of one bit: rows that are no whole vectors or shorter than one, groups of signs of two sizes, one and several passes,
/// strides, dilations, borders, what comes behind the sum, results as bits. Linear layers: features that are no whole words and results that are no
/// whole vectors, several units, batches, images.
/// </summary>
internal static class SignSumsCases
{
    public static IEnumerable<Case> All =>
    [
        Exact("SignSums3x3_Valid", 3, 64, 3, 0, 1, 9, 13),
        Exact("SignSums3x3_C7_Width30", 7, 5, 3, 1, 1, 6, 30),
        Exact("SignSums3x3_C40_Passes", 40, 6, 3, 1, 1, 5, 17),
        Exact("SignSums3x3_Stride2", 5, 12, 3, 1, 2, 11, 19, batch: 2),
        Exact("SignSums1x1_C130_Passes", 130, 10, 1, 0, 1, 7, 7),
        Exact("SignSums1x1_Pad", 9, 4, 1, 1, 1, 4, 6),
        Exact("SignSums1x1_Stride2", 37, 8, 1, 0, 2, 8, 18),
        Exact("SignSums5x5_C2_Narrow", 2, 9, 5, 2, 1, 5, 5),
        Exact("SignSums7x7_Stride2", 3, 8, 7, 3, 2, 20, 22),
        Exact("SignSumsBatch3", 4, 8, 3, 1, 1, 4, 8, batch: 3),
        Case.Exact("SignSumsAsymmetric", b =>
            [b.Add("y", new Conv(10, Window((3, 2), (2, 1), (0, 1, 2, 0), (1, 2))) { Refinement = new BinaryWeight() }, b.Input(2, 6, 9, 12))]),
        Case.Exact("SignSumsDilated", b =>
            [b.Add("y", new Conv(6, Window((3, 2), pads: (3, 1, 2, 4), dilation: (2, 3)), Bias: false) { Refinement = new BinaryWeight() }, b.Input(1, 5, 12, 11))]),
        Case.Exact("SignSumsRow", b => [b.Add("y", new Conv(8, Generator.Model.Window.Square(1, 3, pad: 1)) { Refinement = new BinaryWeight() }, b.Input(2, 6, 21))]),
        Case.Exact("SignSumsBits", b => [b.Add("b1", new Activation(ActivationKind.Binarize), b.Add("n1", new BatchNorm(0), b.Signs("c1", b.Input(2, 3, 12, 14), 70, 3, 0)))]),
        Case.Exact("SignSumsBits_Wide", b => [b.Add("b1", new Activation(ActivationKind.Binarize), b.Signs("c1", b.Input(1, 3, 7, 35), 70, 3, 0))]),
        Case.Exact("SignSumsBits_Pass", b => [b.Add("b1", new Activation(ActivationKind.Binarize), b.Signs("c1", b.Input(1, 120, 5, 9), 12, 1, 0))]),
        Case.Exact("SignSumsBits_Border", b =>
        {
            int x = b.Add("b1", new Activation(ActivationKind.Binarize), b.Signs("c1", b.Input(1, 43, 6, 11), 12, 1, 0));
            return [b.Signs("c2", x, 5, 3, 1)];
        }),
        Case.Exact("SignSumsFloats_Border", b => [b.Signs("c2", b.Relu("r1", b.Signs("c1", b.Input(1, 70, 5, 4), 8, 1, 0)), 6, 3, 1)]),
        Case.Exact("SignSumsResidual", b =>
        {
            int x = b.Input(1, 12, 6, 10), y = b.Add("norm", new BatchNorm(0), b.Signs("c1", x, 12, 3, 1));
            return [b.Relu("r", b.Sum("end", b.Signs("c2", b.Relu("r1", b.Sum("sum", y, x)), 12, 1, 0), y))];
        }),
        Case.Exact("SignSumsResidual_Passes", b =>
        {
            int x = b.Input(1, 130, 5, 11);
            return [b.Relu("r", b.Sum("sum", b.Signs("c", x, 130, 1, 0), x))];
        }),
        Groups("SignSumsGroups2", 2, 24, 40, 3, 1, 1, 6, 13),
        Groups("SignSumsGroups3_Passes", 3, 90, 12, 3, 1, 1, 5, 17, batch: 2),
        Groups("SignSumsGroups2_1x1", 2, 74, 34, 1, 0, 1, 5, 7),
        Groups("SignSumsGroups5_Stride2", 5, 35, 10, 3, 1, 2, 11, 19),
        Groups("SignSumsDepthwise", 7, 7, 7, 3, 1, 1, 6, 9),
        Groups("SignSumsDepthwise_Multiplier3", 6, 6, 18, 5, 2, 1, 7, 12),
        Depthwise("SignsDepthwise3x3_C19", 19, 3, 1, 1, 7, 9, batch: 2),
        Depthwise("SignsDepthwise3x3_C32_Stride2", 32, 3, 1, 2, 9, 12),
        Depthwise("SignsDepthwise5x5_C12", 12, 5, 2, 1, 6, 11),
        Depthwise("SignsDepthwise7x7_C8_Bands", 8, 7, 3, 1, 33, 40),
        Case.Exact("SignsDepthwise_Residual", b =>
        {
            int x = b.Input(1, 18, 6, 7);
            return [b.Relu("r", b.Sum("sum", b.Add("norm", new BatchNorm(0), b.Add("y", new Conv(18, Generator.Model.Window.Square(2, 3, 1, 1), 18, Bias: false) { Refinement = new BinaryWeight() }, x)), x))];
        }),
        Case.Exact("SignSumsGroups_Residual", b =>
        {
            int x = b.Input(2, 36, 6, 10), y = b.Add("norm", new BatchNorm(0), b.Groups("c1", x, 2, 36, 3, 1, 1));
            return [b.Relu("r", b.Sum("end", b.Groups("c2", b.Relu("r1", b.Sum("sum", y, x)), 2, 36, 1, 0, 1), y))];
        }),
        Case.Exact("SignSumsGroups_Bits", b => [b.Add("b1", new Activation(ActivationKind.Binarize), b.Add("n1", new BatchNorm(0), b.Groups("c1", b.Input(2, 6, 9, 14), 2, 256, 3, 0, 1)))]),
        Case.Exact("SignSumsGroups_NoBits", b => [b.Add("b1", new Activation(ActivationKind.Binarize), b.Groups("c1", b.Input(1, 6, 5, 8), 2, 66, 3, 1, 1))]),
        Linear("SignSumsLinear_1_1", 1, 1, 1),
        Linear("SignSumsLinear_37_10", 10, 1, 37),
        Linear("SignSumsLinear_64_48", 48, 1, 64),
        Linear("SignSumsLinear_Units", 1030, 1, 41),
        Linear("SignSumsLinear_Batch3", 293, 3, 95),
        Linear("SignSumsLinear_Image", 13, 2, 5, 3, 4),
        Case.Exact("SignSumsLinear_Residual", b =>
        {
            int x = b.Input(2, 45), y = b.Add("norm", new BatchNorm(0), b.Add("fc1", new Linear(45) { Refinement = new BinaryWeight() }, x));
            return [b.Relu("r", b.Sum("sum", b.Add("fc2", new Linear(45, Bias: false) { Refinement = new BinaryWeight() }, b.Relu("r1", y)), x))];
        }),
        Case.Exact("SignSumsWholeWindow", b => [b.Relu("r", b.Signs("y", b.Input(2, 7, 5, 5), 21, 5, 0))]),
        Case.Exact("SignSumsPixel", b => [b.Signs("c2", b.Relu("r1", b.Signs("c1", b.Input(1, 34, 1, 1), 19, 1, 0)), 8, 3, 1)]),
        Case.Exact("SignSumsWholeWindow_Bits", b => [b.Signs("c2", b.Add("b1", new Activation(ActivationKind.Binarize), b.Signs("c1", b.Input(1, 9, 3, 3), 70, 3, 0)), 6, 1, 0)]),
        Case.Real("SignSumsLinear_Real", b =>
            [b.Add("swish", new Activation(ActivationKind.HardSwish), b.Add("fc", new Linear(51) { Refinement = new BinaryWeight() }, b.Input(1, 333)))]),
        Case.Real("SignSumsReal", b =>
            [b.Add("swish", new Activation(ActivationKind.HardSwish), b.Add("norm", new BatchNorm(), b.Signs("c2", b.Relu("r1", b.Signs("c1", b.Input(1, 20, 9, 11), 24, 3, 1)), 18, 3, 1)))]),
    ];

    private static int Signs(this NetworkBuilder builder, string name, int x, int channels, int kernel, int pad, int stride = 1) =>
        builder.Add(name, new Conv(channels, Generator.Model.Window.Square(2, kernel, stride, pad)) { Refinement = new BinaryWeight() }, x);

    /// <summary>Pinned, as few channels a group select few of the sums.</summary>
    private static int Groups(this NetworkBuilder builder, string name, int x, int groups, int channels, int kernel, int pad, int stride) => builder.Add(
        name, new Conv(channels, Generator.Model.Window.Square(2, kernel, stride, pad), groups) { Refinement = new BinaryWeight(), Algorithm = Generator.Model.ConvAlgorithm.SignSums }, x);

    private static Case Groups(string name, int groups, int inChannels, int channels, int kernel, int pad, int stride, int height, int width, int batch = 1) =>
        Case.Exact(name, b => [b.Groups("y", b.Input(batch, inChannels, height, width), groups, channels, kernel, pad, stride)]);

    private static Case Depthwise(string name, int channels, int kernel, int pad, int stride, int height, int width, int batch = 1) => Case.Exact(name, b =>
        [b.Relu("r", b.Add("y", new Conv(channels, Generator.Model.Window.Square(2, kernel, stride, pad), channels) { Refinement = new BinaryWeight() }, b.Input(batch, channels, height, width)))]);

    private static Case Linear(string name, int features, params int[] input) =>
        Case.Exact(name, b => [b.Add("y", new Linear(features) { Refinement = new BinaryWeight() }, b.Input(input))]);

    private static Case Exact(string name, int inChannels, int channels, int kernel, int pad, int stride, int height, int width, int batch = 1) =>
        Case.Exact(name, b => [b.Signs("y", b.Input(batch, inChannels, height, width), channels, kernel, pad, stride)]);
}
