using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Pooling and resizing over dense inputs, and behind a convolution, where the input is blocked.</summary>
internal static class PoolingCases
{
    public static IEnumerable<Case> All =>
    [
        .. Both("MaxPool2x2", Max(Window((2, 2), (2, 2))), 1, 13, 6, 8),
        .. Both("MaxPool3x3_Stride2_Pad1", Max(Window((3, 3), (2, 2), (1, 1, 1, 1))), 3, 16, 7, 9),
        .. Both("MaxPool3x2_Asymmetric_Ceil", Max(Window((3, 2), (2, 3), (0, 1, 2, 0), ceil: true)), 1, 5, 8, 9),
        .. Both("AveragePool2x2", Average(Window((2, 2), (2, 2))), 1, 19, 7, 8),
        .. Both("AveragePool3x3_Pad1", Average(Window((3, 3), pads: (1, 1, 1, 1))), 3, 8, 5, 6),
        .. Both("AveragePool3x3_Pad1_Counted", Average(Window((3, 3), (2, 2), (1, 1, 1, 1)), counted: true), 1, 37, 8, 7),
        .. Both("AveragePool_Ceil_Asymmetric_Counted", Average(Window((3, 3), (2, 2), (0, 2, 1, 0), ceil: true), counted: true), 1, 3, 8, 10),
        .. Both("GlobalMax", new GlobalPool(PoolKind.Max), 1, 13, 5, 7),
        .. Both("GlobalAverage", new GlobalPool(PoolKind.Average), 3, 19, 3, 5),
        .. Both("GlobalAverage_OnePixel", new GlobalPool(PoolKind.Average), 1, 32, 1, 1),
        .. Both("ResizeNearest2x", new Resize([], [1, 1, 2, 2]), 1, 13, 4, 5),
        .. Both("ResizeNearestDown", new Resize([3, 8, 3, 4], [], Coordinates: Generator.Model.ResizeCoordinates.Asymmetric, Rounding: Generator.Model.NearestRounding.Floor), 3, 8, 7, 9),
        .. Both("ResizeLinear2x", Linear([], [1, 1, 2, 2], Generator.Model.ResizeCoordinates.HalfPixel), 1, 16, 5, 4),
        .. Both("ResizeLinearAligned", Linear([1, 5, 7, 6], [], Generator.Model.ResizeCoordinates.AlignCorners), 1, 5, 4, 3),

        Dense("MaxPoolDilated", Max(Window((2, 3), (1, 2), dilation: (2, 2))), 1, 8, 7, 11),
        Dense("MaxPoolStride3_C1", Max(Window((2, 2), (3, 3))), 1, 1, 8, 10),
        Dense("MaxPoolOverlapPlane", Max(Window((5, 4))), 1, 16, 5, 4),
        Dense("MaxPoolSameUpper", Max(Window((3, 3), (2, 2)) with { AutoPad = Generator.Model.AutoPad.SameUpper }), 1, 8, 8, 7),
        Dense("MaxPool1D", Max(Generator.Model.Window.Square(1, 3, 2, 1)), 3, 5, 17),
        Dense("AveragePool1D", Average(Generator.Model.Window.Square(1, 4, 3)), 1, 16, 18),
        Dense("MaxPool3D", Max(Generator.Model.Window.Square(3, 2, 2)), 1, 3, 4, 5, 6),
        Dense("AveragePool3D_Pad1", Average(Generator.Model.Window.Square(3, 3, 2, 1)), 1, 4, 4, 5, 6),
        Dense("GlobalMax1D", new GlobalPool(PoolKind.Max), 3, 5, 13),
        Dense("GlobalAverage3D", new GlobalPool(PoolKind.Average), 1, 8, 3, 4, 5),
        Dense("ResizeNearestPreferCeil", new Resize([1, 3, 5, 7], [], Rounding: Generator.Model.NearestRounding.RoundPreferCeil), 1, 3, 3, 4),
        Dense("ResizeNearestOddScale", new Resize([], [1, 1, 1.6f, 2.3f]), 1, 8, 5, 3),
        Dense("ResizeLinearDown", Linear([1, 3, 3, 2], [], Generator.Model.ResizeCoordinates.PytorchHalfPixel), 1, 3, 8, 7),
        Dense("ResizeLinearToOnePixel", Linear([1, 3, 1, 1], [], Generator.Model.ResizeCoordinates.PytorchHalfPixel), 1, 3, 8, 7),
        Dense("ResizeLinear1D", Linear([1, 4, 11], [], Generator.Model.ResizeCoordinates.HalfPixel), 1, 4, 5),
        Dense("ResizeLinearChannels", Linear([1, 6, 5, 4], [], Generator.Model.ResizeCoordinates.Asymmetric), 1, 3, 4, 4),
    ];

    private static Pool Max(Window window) => new(PoolKind.Max, window);

    private static Pool Average(Window window, bool counted = false) => new(PoolKind.Average, window, counted);

    private static Resize Linear(int[] sizes, float[] scales, Generator.Model.ResizeCoordinates coordinates) =>
        new(new(sizes), new(scales), Generator.Model.ResizeMode.Linear, coordinates);

    private static Case Dense(string name, Layer layer, params int[] input) => Case.Layer(name, Numbers.Integers, layer, TensorShape.Of(input));

    private static Case[] Both(string name, Layer layer, params int[] input) =>
    [
        Dense(name, layer, input),
        Case.Exact(name + "_Blocked", b => [b.Add("y", layer, b.Conv("conv", b.Input(input[0], 5, input[2], input[3]), input[1], kernel: 1, pad: 0))]),
    ];
}
