using CnnCodegen.Conformance.Tests.Harness;
using CnnCodegen.Generator.Model;
using static CnnCodegen.Conformance.Tests.Cases.Shape;

namespace CnnCodegen.Conformance.Tests.Cases;

/// <summary>Convolutions whose filters are zero in the same places: tiles of both heights, channels that fill no vector, windows of every form.</summary>
internal static class ShapewiseCases
{
    private static readonly Window Same = Window((3, 3), pads: (1, 1, 1, 1));

    public static IEnumerable<Case> All =>
    [
        Conv("Shapewise3x3_C16_9x7", 0.5, new Conv(16, Same), 1, 16, 9, 7),
        Conv("Shapewise3x3_C5_6x33_Batch2", 0.3, new Conv(24, Same, Bias: false), 2, 5, 6, 33),
        Conv("Shapewise3x3_C37_35", 0.2, new Conv(35, Same), 1, 37, 5, 14),
        Conv("ShapewiseSinglePlace", 0.03, new Conv(8, Same), 1, 4, 4, 5),
        Conv("ShapewiseDense", 1, new Conv(9, Same), 1, 6, 4, 9),
        Conv("Shapewise1x1_7x7", 0.5, new Conv(32, Window((1, 1))), 1, 20, 7, 7),
        Conv("Shapewise3x3_Stride2", 0.4, new Conv(16, Window((3, 3), (2, 2), (1, 1, 1, 1))), 1, 9, 11, 13),
        Conv("Shapewise5x3_Dilation2", 0.2, new Conv(16, Window((5, 3), pads: (4, 1, 4, 3), dilation: (2, 2))), 1, 6, 9, 14),
        Conv("ShapewiseOnePixel", 0.5, new Conv(16, Window((3, 3))), 3, 7, 3, 3),
        Conv("Shapewise1D", 0.5, new Conv(9, Generator.Model.Window.Square(1, 5, 1, 2)), 2, 6, 19),
        Conv("ShapewiseGroups", 0.5, new Conv(8, Same, Groups: 2), 1, 6, 5, 5),
        Case.Layer("ShapewiseReal", Numbers.Reals, new Conv(24, Same) { Refinement = Shared(0.4) }, Of(1, 20, 5, 11)),
        Case.Exact("ShapewiseChain", b =>
        {
            int x = b.Relu("r0", b.Conv("stem", b.Input(1, 3, 7, 9), 16));
            int a = b.Relu("r1", b.Add("bn", new BatchNorm(0), b.Add("a", new Conv(16, Same) { Refinement = Shared(0.3) }, x)));
            return [b.Relu("r2", b.Sum("sum", b.Add("c", new Conv(16, Window((1, 1))) { Refinement = Shared(0.5) }, a), x))];
        }),
    ];

    private static Sparse Shared(double density) => new(density) { Shared = true };

    private static Case Conv(string name, double density, Conv layer, params int[] input) =>
        Case.Layer(name, Numbers.Integers, layer with { Refinement = Shared(density) }, TensorShape.Of(input));
}
